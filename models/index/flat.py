"""Exact search over every row."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import faiss
import numpy as np

from models.encoder import Matrix
from models.index.faiss_file import selector, write
from models.index.protocol import Mask, Rows
from models.index.roll import Roll


class FlatIndex:
    """A VectorIndex over FAISS's `IndexFlatIP`. Safe to share between threads."""

    def __init__(self, ids: Sequence[str], vectors: Matrix) -> None:
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._roll = Roll(ids)
        self._lock = Lock()
        self._extend(ids, vectors)

    @property
    def ids(self) -> Sequence[str]:
        """The id of each row, of removed rows too."""
        return self._roll.ids

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return len(self._roll)

    def search(self, vectors: Matrix, k: int, allowed: Mask | None = None) -> tuple[Rows, Matrix]:
        """See VectorIndex."""
        with self._lock:
            bits = self._roll.bits(allowed)
            parameters = faiss.SearchParameters(sel=selector(bits))  # type: ignore[call-arg]
            scores, rows = self._index.search(
                np.ascontiguousarray(vectors, dtype=np.float32), k, params=parameters
            )
        return rows, scores

    def rows(self, ids: Sequence[str]) -> Rows:
        """See VectorIndex."""
        with self._lock:
            return self._roll.rows(ids)

    def vectors(self, rows: Rows) -> Matrix:
        """See VectorIndex."""
        with self._lock:
            found: Matrix = self._index.reconstruct_batch(rows)
        return found

    def add(self, ids: Sequence[str], vectors: Matrix) -> None:
        """See VectorIndex. Raises ValueError when the shapes do not fit."""
        with self._lock:
            self._extend(ids, vectors)
            self._roll.add(ids)

    def remove(self, ids: Sequence[str]) -> None:
        """See VectorIndex."""
        with self._lock:
            self._roll.remove(ids)

    def save(self, path: Path) -> list[str]:
        """See VectorIndex. Raises OSError when it cannot be written."""
        with self._lock:
            rows = self._roll.live
            compact = faiss.IndexFlatIP(self.dimension)
            compact.add(self._index.reconstruct_batch(rows))
            ids = [self._roll.ids[row] for row in rows]
        write(compact, path)
        return ids

    def _extend(self, ids: Sequence[str], vectors: Matrix) -> None:
        if vectors.shape != (len(ids), self.dimension):
            raise ValueError(f"{len(ids)} ids and dimension {self.dimension}, but {vectors.shape}")
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
