"""Protocol + FAISS: ids and vectors → neighbours under a filter. An index knows no text."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol

import faiss
import numpy as np
import numpy.typing as npt

from models.encoder import Matrix

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class VectorIndex(Protocol):
    """Finds the vectors with the highest inner product. Rows are numbered in order of arrival."""

    @property
    def ids(self) -> Sequence[str]:
        """The id of each row."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
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
        """Write the rows that are still found to `path`; returns their ids in order."""
        ...


class FlatIndex:
    """Exact search over every row (FAISS `IndexFlatIP`). Safe to share between threads."""

    def __init__(self, ids: Sequence[str], vectors: Matrix) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._ids: list[str] = []
        self._live = np.zeros(0, dtype=bool)
        self._row: dict[str, int] = {}
        self._lock = Lock()
        self.add(ids, vectors)

    @property
    def ids(self) -> Sequence[str]:
        """The id of each row, of removed rows too."""
        return self._ids

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return len(self._row)

    def search(self, vectors: Matrix, k: int, allowed: Mask | None = None) -> tuple[Rows, Matrix]:
        """See VectorIndex."""
        with self._lock:
            mask = self._live.copy()
            if allowed is not None:
                mask[: len(allowed)] &= allowed
                mask[len(allowed) :] = False  # rows that came after the mask was made
            bits = np.packbits(mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(mask), faiss.swig_ptr(bits))
            parameters = faiss.SearchParameters(sel=None if mask.all() else selector)  # type: ignore[call-arg]
            scores, rows = self._index.search(
                np.ascontiguousarray(vectors, dtype=np.float32), k, params=parameters
            )
        return rows, scores

    def rows(self, ids: Sequence[str]) -> Rows:
        """See VectorIndex."""
        with self._lock:
            return np.array([self._row.get(name, -1) for name in ids], dtype=np.int64)

    def vectors(self, rows: Rows) -> Matrix:
        """See VectorIndex."""
        with self._lock:
            found: Matrix = self._index.reconstruct_batch(rows)
        return found

    def add(self, ids: Sequence[str], vectors: Matrix) -> None:
        """See VectorIndex. Raises ValueError when the shapes do not fit."""
        if vectors.shape != (len(ids), self.dimension):
            raise ValueError(f"{len(ids)} ids and dimension {self.dimension}, but {vectors.shape}")
        with self._lock:
            self._forget(ids)
            self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
            rows = range(len(self._ids), len(self._ids) + len(ids))
            self._row.update(zip(ids, rows, strict=True))
            self._ids.extend(ids)
            last = [self._row[name] == row for name, row in zip(ids, rows, strict=True)]
            self._live = np.append(self._live, np.array(last, dtype=bool))

    def remove(self, ids: Sequence[str]) -> None:
        """See VectorIndex."""
        with self._lock:
            self._forget(ids)

    def save(self, path: Path) -> list[str]:
        """See VectorIndex. Raises OSError when it cannot be written."""
        with self._lock:
            rows = np.flatnonzero(self._live)
            compact = faiss.IndexFlatIP(self.dimension)
            compact.add(self._index.reconstruct_batch(rows))
            ids = [self._ids[row] for row in rows]
        with path.open("wb") as file:  # FAISS itself takes no notice of a disk full at the end
            faiss.write_index(compact, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
        return ids

    def _forget(self, ids: Sequence[str]) -> None:
        for name in ids:
            row = self._row.pop(name, None)
            if row is not None:
                self._live[row] = False


def load_index(path: Path, ids: Sequence[str]) -> FlatIndex:
    """Read an index that `save` wrote; `ids` are those of its rows, in their order."""
    stored = faiss.read_index(str(path))
    return FlatIndex(ids, stored.reconstruct_n(0, stored.ntotal).reshape(-1, stored.d))
