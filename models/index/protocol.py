"""What finds neighbours: ids and vectors in, rows and scores out. An index knows no text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.encoder import Matrix

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class VectorIndex(Protocol):
    """Finds the vectors with the highest inner product. Rows are numbered in order of arrival."""

    @property
    def ids(self) -> Sequence[str]:
        """The id of each row, empty for one that was removed before the index was saved."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def __len__(self) -> int:
        """How many rows are found."""
        ...

    def search(self, vectors: Matrix, k: int, allowed: Mask | None = None) -> tuple[Rows, Matrix]:
        """Rows [q, k] and scores [q, k], best first; a missing neighbour has row -1.

        Only rows that are true in `allowed` [n] are looked at.
        """
        ...

    def rows(self, ids: Sequence[str]) -> Rows:
        """The row of each id [n], -1 for one that is not there."""
        ...

    def vectors(self, rows: Rows) -> Matrix:
        """The stored vectors of `rows` [n], as [n, dimension]."""
        ...

    def add(self, ids: Sequence[str], vectors: Matrix) -> None:
        """Add vectors [n, dimension]; an id that is there already moves to its new vector."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Stop finding these ids; unknown ones are ignored."""
        ...

    def save(self, path: Path) -> list[str]:
        """Write what is found to `path`.

        Returns the id of each row that was written, empty for one that is not to be found.
        """
        ...
