"""What of a bundle is learned."""

from enum import StrEnum


class Way(StrEnum):
    """What is learned; the ranker always is."""

    ENCODER = "encoder"
    LORA = "lora"
    ADAPTER = "adapter"
    RANKER = "ranker"
