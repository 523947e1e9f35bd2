"""The same calls as pages, for people; no scripts."""
