"""Protocols: a model that is loaded, and an engine that runs the converted layers of one."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from models.encoder import Matrix

Ids = npt.NDArray[np.int64]
Hidden = npt.NDArray[np.float32]


Prepared = TypeVar("Prepared")


class Backend(Protocol[Prepared]):
    """Embeds batches of texts that a tokeniser takes. Safe to share between threads.

    What a text is prepared as is the backend's own affair.
    """

    @property
    def batch_size(self) -> int:
        """How many texts it embeds at once in the least time."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def tokens(self) -> int:
        """How many tokens of a text it takes in."""
        ...

    def prepare(self, texts: Sequence[str]) -> Sequence[Prepared]:
        """Make of each text what is embedded."""
        ...

    def lengths(self, prepared: Sequence[Prepared]) -> list[int]:
        """How many tokens each of them has, as far as they are taken in."""
        ...

    def embed(self, prepared: Sequence[Prepared]) -> Matrix:
        """Embed one batch as float32 [n, dimension], rows of unit length."""
        ...


class Session(Protocol):
    """A transformer's layers, ready to run. Safe to share between threads."""

    def __call__(self, embedded: Hidden, bias: Hidden) -> Hidden:
        """Tokens as they went in [n, t, d] → as the last layer leaves them [n, t, d].

        `bias` [n, 1, 1, t] is added to what each token attends to: 0, or far below it for padding.
        """
        ...
