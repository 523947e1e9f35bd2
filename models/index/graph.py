"""A graph of near rows: quick from tens of thousands of rows on, and quick to look at few.

Malkov & Yashunin, Efficient and Robust Approximate Nearest Neighbor Search Using Hierarchical
Navigable Small World Graphs (TPAMI 2018).
"""

from pathlib import Path
from typing import Final

import faiss

from models.encoder import Matrix
from models.index.faiss_file import copied, extended, selector, write
from models.index.protocol import Rows
from models.index.roll import Bits
from models.index.sealed import HALF_PRECISION

LINKS: Final = 32
EFFORT_WHEN_BUILT: Final = 80
# Rows that a search keeps in view, and how many it may be where a filter lets few through.
EFFORT: Final = 128
MOST_EFFORT: Final = 4096
ADDED_AT_ONCE: Final = 10_000


class Graph:
    """A Sealed over FAISS's `IndexHNSWSQ`, whose vectors are kept in half precision."""

    few = 5_000  # it walks past all that a filter forbids
    loss = HALF_PRECISION

    def __init__(self, index: faiss.IndexHNSWSQ) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Matrix) -> "Graph":
        """A graph over vectors [n, dimension]."""
        index = faiss.IndexHNSWSQ(
            vectors.shape[1],
            faiss.ScalarQuantizer.QT_fp16,  # type: ignore[arg-type]
            LINKS,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.hnsw.efConstruction = EFFORT_WHEN_BUILT
        index.train(vectors[:1])
        return cls(extended(index, vectors, ADDED_AT_ONCE))

    @property
    def count(self) -> int:
        """See Sealed."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """See Sealed."""
        return int(self._index.d)

    def outgrown(self, count: int) -> bool:  # noqa: ARG002
        """See Sealed. A graph grows with its rows."""
        return False

    def search(
        self, vectors: Matrix, k: int, bits: Bits | None, share: float
    ) -> tuple[Rows, Matrix]:
        """See Sealed."""
        effort = min(max(EFFORT, 2 * k) / share, max(MOST_EFFORT, 2 * k))
        parameters = faiss.SearchParametersHNSW(efSearch=int(effort), sel=selector(bits))  # type: ignore[attr-defined]
        scores, rows = self._index.search(vectors, k, params=parameters)
        return rows, scores

    def vectors(self, rows: Rows) -> Matrix:
        """See Sealed."""
        found: Matrix = self._index.reconstruct_batch(rows)
        return found

    def grown(self, vectors: Matrix) -> "Graph":
        """See Sealed."""
        return Graph(extended(copied(self._index), vectors, ADDED_AT_ONCE))

    def write(self, path: Path) -> None:
        """See Sealed."""
        write(self._index, path)
