"""The seam between what an index promises and the structures that search many rows quickly."""

from pathlib import Path
from typing import Final, Protocol

import numpy as np

from models.encoder import Matrix
from models.index.protocol import Rows
from models.index.roll import Bits

LEAST: Final = float(np.finfo(np.float32).min)
"""The score of a neighbour that is missing, as FAISS has it."""

HALF_PRECISION: Final = 1e-3
"""How far from a vector of unit length its numbers in half precision may lie."""


class Sealed(Protocol):
    """Rows of vectors and a structure over them. Never changes, so threads need no lock."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def few(self) -> int:
        """So many allowed rows are looked at one by one: as quick as the structure, and exact."""
        ...

    @property
    def loss(self) -> float:
        """How far what is kept of a vector may lie from it; farther, it was another one."""
        ...

    def outgrown(self, count: int) -> bool:
        """Whether it was laid out for far fewer rows than `count` and is better made anew."""
        ...

    def search(
        self, vectors: Matrix, k: int, bits: Bits | None, share: float
    ) -> tuple[Rows, Matrix]:
        """Rows [q, k] and scores [q, k], best first, of those in `bits`: a `share` of all."""
        ...

    def vectors(self, rows: Rows) -> Matrix:
        """The stored vectors of `rows` [n], as [n, dimension]."""
        ...

    def grown(self, vectors: Matrix) -> "Sealed":
        """The same with more rows [n, dimension], which are put where they belong."""
        ...

    def write(self, path: Path) -> None:
        """Write it to `path`. Raises OSError when it cannot be written."""
        ...


def best(k: int, rows: Rows, scores: Matrix) -> tuple[Rows, Matrix]:
    """The best `k` of rows [q, n] by scores [q, n], in order."""
    if rows.shape[1] > k:
        some = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        rows, scores = _taken(rows, scores, some)
    return _taken(rows, scores, np.argsort(-scores, axis=1, kind="stable"))


def _taken(rows: Rows, scores: Matrix, places: Rows) -> tuple[Rows, Matrix]:
    return np.take_along_axis(rows, places, axis=1), np.take_along_axis(scores, places, axis=1)
