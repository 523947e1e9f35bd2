"""Texts to vectors, vectors to suggestions. Knows records, not databases."""
