"""Short codes in lists by region, and for the best of them a last word by the vectors themselves.

Jégou, Douze & Schmid, Product Quantization for Nearest Neighbor Search (TPAMI 2011), with parts of
four bits that are compared in registers (André, Kermarrec & Le Scouarnec, Cache locality is not
enough: High-Performance Nearest Neighbor Search with Product Quantization Fast Scan, VLDB 2015).
"""

import math
from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np

from models.encoder import Matrix
from models.index.digits import Digits, in_digits
from models.index.faiss_file import copied, selector, write
from models.index.protocol import Rows
from models.index.roll import Bits
from models.index.sealed import HALF_PRECISION

# Lists for the square root of the rows; with four times as many rows they are too long.
LISTS: Final = 4
OUTGROWN: Final = 2
# Vectors for each list that the lists are learned from; more take longer and bring little.
LEARNED_FROM: Final = 32
ROUNDS: Final = 8
# Components of a vector that share four bits, and the fewest vectors these can be learned from.
PART: Final = 2
LEAST_LEARNED_FROM: Final = 16
# The share of the lists that is looked at, and how many at least: of many, fewer find as much.
PROBED: Final = 1 / 85
LEAST_PROBED: Final = 64
MANY, LEAST_OF_MANY = 2_000, 48
# For each neighbour the rows that get a last word.
LAST_WORD: Final = 5
LEAST_LAST_WORD: Final = 100
# So many vectors take little room in half precision, and say little about others.
HALF_UP_TO: Final = 100_000
ADDED_AT_ONCE: Final = 10_000


class Quantised:
    """A Sealed over FAISS's `IndexIVFPQFastScan`, refined by vectors in digits.

    The codes are in memory, 96 bytes a vector of 384 components; the vectors stay in the file, 480
    bytes each. Where they are few, or come from an earlier version, these are in half precision.
    """

    few = 500  # to turn them back takes longer than to look at as many

    def __init__(self, index: faiss.IndexRefine) -> None:
        self._index = index
        whole: Any = faiss.downcast_index(index.refine_index)
        in_parts = isinstance(whole, faiss.IndexPreTransform)
        self._whole: Digits | faiss.IndexScalarQuantizer = Digits(whole) if in_parts else whole
        self._lists = int(faiss.extract_index_ivf(index.base_index).nlist)

    @classmethod
    def build(cls, vectors: Matrix) -> "Quantised":
        """Learn the lists and codes from some of vectors [n, dimension] and put all into them."""
        count, dimension = vectors.shape
        metric, lists = faiss.METRIC_INNER_PRODUCT, _lists(count)
        centres = faiss.IndexFlatIP(dimension)
        codes = faiss.IndexIVFPQFastScan(centres, dimension, lists, _parts(dimension), 4, metric)
        codes.by_residual = True  # they tell where in its region a vector is
        codes.cp.spherical = True
        codes.cp.niter = ROUNDS
        codes.cp.min_points_per_centroid = 1  # fewer only cost recall where there are few rows
        codes.cp.max_points_per_centroid = LEARNED_FROM
        sample = _sample(vectors, max(LEARNED_FROM * lists, LEAST_LEARNED_FROM))
        codes.train(sample)
        whole = _half(dimension) if count <= HALF_UP_TO else in_digits(sample)
        index = faiss.IndexRefine(codes, whole)
        for part in (centres, codes, whole):
            part.this.disown()  # type: ignore[union-attr]
        codes.own_fields = index.own_fields = index.own_refine_index = True
        return cls(index)._extended(vectors)

    @property
    def loss(self) -> float:
        """See Sealed."""
        return self._whole.loss if isinstance(self._whole, Digits) else HALF_PRECISION

    @property
    def count(self) -> int:
        """See Sealed."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """See Sealed."""
        return int(self._index.d)

    def outgrown(self, count: int) -> bool:
        """See Sealed."""
        wide = count > HALF_UP_TO and not isinstance(self._whole, Digits)
        return wide or _lists(count) > OUTGROWN * self._lists

    def search(
        self, vectors: Matrix, k: int, bits: Bits | None, share: float
    ) -> tuple[Rows, Matrix]:
        """See Sealed. The fewer rows are allowed, the more lists are looked at."""
        least = LEAST_OF_MANY if self._lists >= MANY else LEAST_PROBED
        probed = max(least, PROBED * self._lists) / math.sqrt(share)
        lists = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            nprobe=min(self._lists, int(probed)), sel=selector(bits)
        )
        parameters = faiss.IndexRefineSearchParameters(  # type: ignore[call-arg]
            k_factor=max(LAST_WORD, LEAST_LAST_WORD / k), base_index_params=lists
        )
        scores, rows = self._index.search(vectors, k, params=parameters)
        return rows, scores

    def vectors(self, rows: Rows) -> Matrix:
        """See Sealed."""
        found: Matrix = self._whole.reconstruct_batch(rows)
        return found

    def grown(self, vectors: Matrix) -> "Quantised":
        """See Sealed."""
        return Quantised(copied(self._index))._extended(vectors)

    def write(self, path: Path) -> None:
        """See Sealed."""
        write(self._index, path)

    def _extended(self, vectors: Matrix) -> "Quantised":
        """Itself, with rows [n, dimension] more."""
        for start in range(0, len(vectors), ADDED_AT_ONCE):  # between two a key is heard
            some = np.ascontiguousarray(vectors[start : start + ADDED_AT_ONCE], dtype=np.float32)
            self._index.base_index.add(some)
            self._whole.add(some)
        self._index.ntotal = self._index.base_index.ntotal
        return self


def _half(dimension: int) -> faiss.IndexScalarQuantizer:
    half = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT)


def _lists(count: int) -> int:
    return max(1, round(LISTS * math.sqrt(count)))


def _parts(dimension: int) -> int:
    """How many parts of one size a vector is cut into."""
    return next(size for size in range(max(1, dimension // PART), 0, -1) if dimension % size == 0)


def _sample(vectors: Matrix, size: int) -> Matrix:
    """Some of vectors [n, dimension], the same each time; repeated where there are too few."""
    if len(vectors) < LEAST_LEARNED_FROM:
        return np.resize(vectors, (LEAST_LEARNED_FROM, vectors.shape[1]))
    drawn = np.random.default_rng(0).permutation(len(vectors))[:size]
    return np.ascontiguousarray(vectors[np.sort(drawn)])
