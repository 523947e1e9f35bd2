"""A document → the catalogue: what is refused, what is written, what is gone."""
