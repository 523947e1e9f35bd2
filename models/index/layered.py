"""Many rows in a structure that never changes, and beside it what has come and gone since."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np

from models.encoder import Matrix
from models.index.flat import FlatIndex
from models.index.names import Joined
from models.index.protocol import Mask, Rows
from models.index.roll import GONE, Bits, Roll
from models.index.sealed import LEAST, Sealed, best

READ_AT_ONCE: Final = 5_000


class LayeredIndex:
    """A VectorIndex over a Sealed and a FlatIndex of later rows. Safe to share between threads.

    Threads search the sealed part at the same time; additions only ever wait for the flat one.
    """

    def __init__(self, ids: Sequence[str], sealed: Sealed) -> None:
        """`ids` are those of the sealed rows, empty for rows that are not to be found."""
        self.sealed = sealed
        self._roll = Roll(ids)
        self._added = FlatIndex([], np.empty((0, sealed.dimension), dtype=np.float32))
        self._ids = Joined(self._roll.ids, self._added.ids)
        self._lock = Lock()

    @property
    def ids(self) -> Sequence[str]:
        """See VectorIndex."""
        return self._ids

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.sealed.dimension

    @property
    def stale(self) -> float:
        """The share of the sealed rows that are no longer found."""
        return self._roll.gone / max(1, len(self._roll.ids))

    def __len__(self) -> int:
        return len(self._roll) + len(self._added)

    def search(self, vectors: Matrix, k: int, allowed: Mask | None = None) -> tuple[Rows, Matrix]:
        """See VectorIndex."""
        count = self.sealed.count
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        with self._lock:
            bits = self._roll.bits(None if allowed is None else allowed[:count])
            later = None
            if len(self._added.ids):
                later = self._added.search(vectors, k, None if allowed is None else allowed[count:])
        rows, scores = self._found(vectors, k, bits)
        if later is None:
            return rows, scores
        added = np.where(later[0] >= 0, later[0] + count, -1)
        return best(k, np.hstack([rows, added]), np.hstack([scores, later[1]]))

    def rows(self, ids: Sequence[str]) -> Rows:
        """See VectorIndex."""
        with self._lock:
            first, later = self._roll.rows(ids), self._added.rows(ids)
        return np.where(later >= 0, later + self.sealed.count, first)

    def vectors(self, rows: Rows) -> Matrix:
        """See VectorIndex."""
        found = np.empty((len(rows), self.dimension), dtype=np.float32)
        first = rows < self.sealed.count
        found[first] = self.sealed.vectors(rows[first])
        found[~first] = self._added.vectors(rows[~first] - self.sealed.count)
        return found

    def add(self, ids: Sequence[str], vectors: Matrix) -> None:
        """See VectorIndex. Raises ValueError when the shapes do not fit."""
        with self._lock:
            self._added.add(ids, vectors)
            self._roll.remove(ids)

    def remove(self, ids: Sequence[str]) -> None:
        """See VectorIndex."""
        with self._lock:
            self._roll.remove(ids)
            self._added.remove(ids)

    def save(self, path: Path) -> list[str]:
        """See VectorIndex. What came later is put into the structure, which is not made anew."""
        with self._lock:
            later = self._added.ids
            kept = np.flatnonzero(self._added.rows(later) == np.arange(len(later)))
            vectors = self._added.vectors(kept)
            ids = [GONE] * self.sealed.count
            for row in self._roll.live.tolist():
                ids[row] = self._roll.ids[row]
            ids += [later[row] for row in kept.tolist()]
        (self.sealed.grown(vectors) if len(kept) else self.sealed).write(path)
        return ids

    def _found(self, vectors: Matrix, k: int, bits: Bits | None) -> tuple[Rows, Matrix]:
        """The same as `search`, of the sealed rows alone."""
        count = self.sealed.count
        allowed = count if bits is None else int(np.bitwise_count(bits).sum())
        if bits is not None and allowed <= self.sealed.few:
            return self._one_by_one(vectors, k, bits)
        rows, scores = self.sealed.search(vectors, k, bits, allowed / count)
        # What is allowed may lie so far from a query that the structure did not come to it.
        lost = np.flatnonzero((rows >= 0).sum(axis=1) < min(k, allowed))
        if len(lost):
            rows[lost], scores[lost] = self._one_by_one(vectors[lost], k, bits)
        return rows, scores

    def _one_by_one(self, vectors: Matrix, k: int, bits: Bits | None) -> tuple[Rows, Matrix]:
        allowed = np.arange(self.sealed.count)
        if bits is not None:
            allowed = np.flatnonzero(np.unpackbits(bits, bitorder="little").view(bool))
        rows = np.full((len(vectors), k), -1, dtype=np.int64)
        scores = np.full((len(vectors), k), LEAST, dtype=np.float32)
        most = min(k, len(allowed))
        near, found = rows[:, :most], scores[:, :most]
        for start in range(0, len(allowed), READ_AT_ONCE):
            some = allowed[start : start + READ_AT_ONCE]
            products = vectors @ self.sealed.vectors(some).T
            both = np.hstack([near, np.broadcast_to(some, products.shape)])
            near, found = best(most, both, np.hstack([found, products]))
        rows[:, :most], scores[:, :most] = near, found
        return rows, scores
