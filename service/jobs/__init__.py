"""Commands that were started from a page, and the files that they were given."""
