"""How candidates are scored when it is measured what each road is worth."""

from enum import StrEnum


class Road(StrEnum):
    """Score by vectors, by words (BM25), by their fusion, or by both and a ranker (the model)."""

    BOTH = "both"
    FUSION = "fusion"
    VECTORS = "vectors"
    WORDS = "words"

    @property
    def words_weight(self) -> float | None:
        """The weight of words in fusion; None leaves it to the model."""
        return {Road.VECTORS: 0.0, Road.WORDS: 1.0}.get(self)

    @property
    def ranked(self) -> bool:
        """Whether the second stage orders what was found."""
        return self is Road.BOTH
