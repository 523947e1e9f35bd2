"""Our frameworks under CASE's paths."""
