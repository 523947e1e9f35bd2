"""Records, the formats they come in, and the catalogue that keeps them."""
