"""Short codes in lists by region, and the vectors themselves, in a file, for the last word.

Jégou, Douze & Schmid, Product Quantization for Nearest Neighbor Search (TPAMI 2011), with parts of
four bits that are compared in registers (André, Kermarrec & Le Scouarnec, Cache locality is not
enough: High-Performance Nearest Neighbor Search with Product Quantization Fast Scan, VLDB 2015).
"""

import math
import mmap
from pathlib import Path
from typing import Final

import faiss
import numpy as np
import numpy.typing as npt

from models.encoder import Matrix
from models.index.faiss_file import copied, selector, write
from models.index.protocol import Rows
from models.index.roll import Bits
from models.index.sealed import LEAST

Store = npt.NDArray[np.float16]

VECTORS: Final = ".vectors"
"""Suffix of the file beside FAISS's own: the vectors in the order of their rows, half precision."""

# Lists for the square root of the rows; with four times as many rows they are too long.
LISTS: Final = 4
OUTGROWN: Final = 2
# Vectors for each list that the lists are learned from; more take longer and bring little.
LEARNED_FROM: Final = 32
ROUNDS: Final = 8
# Components of a vector that share four bits, and the fewest vectors these can be learned from.
PART: Final = 4
LEAST_LEARNED_FROM: Final = 16
# The share of the lists that is looked at, and for each neighbour the rows that get a last word.
PROBED: Final = 1 / 64
LEAST_PROBED: Final = 64
LAST_WORD: Final = 10
LEAST_LAST_WORD: Final = 200
ADDED_AT_ONCE: Final = 50_000


class Quantised:
    """A Sealed over FAISS's `IndexIVFPQFastScan` and a matrix of vectors [n, dimension]."""

    def __init__(self, index: faiss.IndexIVFPQFastScan, store: Store) -> None:
        self._index = index
        self._store = store

    @classmethod
    def build(cls, vectors: Matrix) -> "Quantised":
        """Learn the lists and codes from some of vectors [n, dimension] and put all into them."""
        count, dimension = vectors.shape
        lists = _lists(count)
        parts = next(size for size in range(dimension // PART, 0, -1) if dimension % size == 0)
        centres = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFPQFastScan(
            centres, dimension, lists, parts, 4, faiss.METRIC_INNER_PRODUCT
        )
        centres.this.disown()  # type: ignore[attr-defined]
        index.own_fields = True
        index.by_residual = True  # codes tell where in its region a vector is: costs nothing here
        index.cp.spherical = True
        index.cp.niter = ROUNDS
        index.cp.min_points_per_centroid = 1  # fewer only cost recall where there are few rows
        index.cp.max_points_per_centroid = LEARNED_FROM
        index.train(_sample(vectors, max(LEARNED_FROM * lists, LEAST_LEARNED_FROM)))
        return cls(_with(index, vectors), vectors.astype(np.float16))

    @classmethod
    def read(cls, index: faiss.IndexIVFPQFastScan, path: Path) -> "Quantised":
        """One that was written to `path`, from where `index` was read. Raises OSError."""
        with path.with_suffix(VECTORS).open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if hasattr(content, "madvise"):
            content.madvise(mmap.MADV_RANDOM)  # no use in reading what stands beside a row
        return cls(index, np.frombuffer(content, "<f2").reshape(index.ntotal, index.d))

    @property
    def count(self) -> int:
        """See Sealed."""
        return len(self._store)

    @property
    def dimension(self) -> int:
        """See Sealed."""
        return int(self._index.d)

    def outgrown(self, count: int) -> bool:
        """See Sealed."""
        return _lists(count) > OUTGROWN * int(self._index.nlist)

    def search(
        self, vectors: Matrix, k: int, bits: Bits | None, share: float
    ) -> tuple[Rows, Matrix]:
        """See Sealed."""
        probed = max(LEAST_PROBED, PROBED * self._index.nlist) * share**-0.5
        parameters = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            nprobe=min(self._index.nlist, int(probed)), sel=selector(bits)
        )
        most = max(LEAST_LAST_WORD, LAST_WORD * k)
        _, rows = self._index.search(vectors, most, params=parameters)
        rows, scores = np.asarray(rows), np.empty(rows.shape, dtype=np.float32)
        for query, found, score in zip(vectors, rows, scores, strict=True):
            score[:] = self.vectors(found) @ query
        scores[rows < 0] = LEAST
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)

    def vectors(self, rows: Rows) -> Matrix:
        """See Sealed."""
        return self._store[rows].astype(np.float32)

    def grown(self, vectors: Matrix) -> "Quantised":
        """See Sealed."""
        store = np.concatenate([self._store, vectors.astype(np.float16)])
        return Quantised(_with(copied(self._index), vectors), store)

    def write(self, path: Path) -> None:
        """See Sealed."""
        write(self._index, path)
        with path.with_suffix(VECTORS).open("wb") as file:
            self._store.astype("<f2", copy=False).tofile(file)


def _lists(count: int) -> int:
    return max(1, round(LISTS * math.sqrt(count)))


def _sample(vectors: Matrix, size: int) -> Matrix:
    """Some of vectors [n, dimension], the same each time; repeated where there are too few."""
    if len(vectors) < LEAST_LEARNED_FROM:
        return np.resize(vectors, (LEAST_LEARNED_FROM, vectors.shape[1]))
    drawn = np.random.default_rng(0).permutation(len(vectors))[:size]
    return np.ascontiguousarray(vectors[np.sort(drawn)])


def _with(index: faiss.IndexIVFPQFastScan, vectors: Matrix) -> faiss.IndexIVFPQFastScan:
    for start in range(0, len(vectors), ADDED_AT_ONCE):  # in between a key that ends it is heard
        index.add(np.ascontiguousarray(vectors[start : start + ADDED_AT_ONCE], dtype=np.float32))
    return index
