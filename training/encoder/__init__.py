"""How vectors are taught: low-rank weights, upper layers, or a map of frozen vectors."""
