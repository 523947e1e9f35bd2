"""LRMI: learning resources of schema.org as JSON-LD."""
