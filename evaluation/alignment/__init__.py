"""The alignment protocol: queries, candidates, gold, and how well they meet."""
