"""What of a bundle is learned."""

from enum import StrEnum
from typing import Final


class Way(StrEnum):
    """What is learned; the ranker always is."""

    ENCODER = "encoder"
    LORA = "lora"
    ADAPTER = "adapter"
    RANKER = "ranker"


WEIGHTS: Final = frozenset({Way.LORA, Way.ENCODER})
"""The ways that train the encoder's own weights."""
