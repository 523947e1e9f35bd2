"""Measures: what a query, a candidate and the gold are, and how well the two meet."""
