"""Protocol: texts → unit matrix. An encoder knows no records."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Progress = Callable[[int], None]


class Encoder(Protocol):
    """Embeds texts in one vector space."""

    @property
    def name(self) -> str:
        """What a person calls it: `minilm`, `e5`, a folder or a hub id."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names weights, tokeniser, prefix and backend: same fingerprint, same vectors."""
        ...

    @property
    def backend(self) -> str:
        """What computes the vectors: `torch`, `onnx` or `openvino`."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639 codes that it was trained on; empty when it is not known."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Matrix:
        """Embed `texts` as float32 [n, dimension], rows of unit length, in the given order.

        `progress` is told how many texts each finished batch had.
        """
        ...
