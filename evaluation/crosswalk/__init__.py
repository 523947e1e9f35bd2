"""How well frameworks are mapped to each other, and what that tells of resources."""
