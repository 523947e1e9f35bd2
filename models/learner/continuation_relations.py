"""Relations between resources: sparse matrices [n, n] whose row says what goes with a resource.

Few of all pairs are kept, so that ten thousand resources need no more than their neighbours.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Relation: TypeAlias = Any  # scipy.sparse.csr_array, float32
Rows: TypeAlias = npt.NDArray[np.int64]
Values: TypeAlias = npt.NDArray[np.float64]

KEPT: Final = 200
"""What is further from a resource than so many others says nothing that popularity would not."""

AT_ONCE: Final = 500


def nearest(vectors: Relation, kept: int = KEPT) -> Relation:
    """The dot products of each row of sparse `vectors` [n, d] with the `kept` nearest others."""
    size = vectors.shape[0]
    kept = min(kept, size)
    parts = []
    for start in range(0, size, AT_ONCE):
        block = (vectors[start : start + AT_ONCE] @ vectors.T).toarray()
        row = np.arange(len(block))[:, None]
        block[row[:, 0], start + row[:, 0]] = 0
        column = np.argpartition(-block, kept - 1, axis=1)[:, :kept]
        part = (block[row, column].ravel(), (np.repeat(row[:, 0], kept), column.ravel()))
        parts.append(sparse.csr_array(part, shape=block.shape, dtype=np.float32))
    found = sparse.vstack(parts, format="csr")
    found.eliminate_zeros()
    return found


def shares(counts: Relation) -> Relation:
    """Each count as a share of its row's sum and one more, so that a single case proves little."""
    total = np.asarray(counts.sum(axis=1)).ravel()
    return sparse.csr_array(sparse.diags_array(1 / (total + 1)) @ counts, dtype=np.float32)


def gathered(relation: Relation, rows: Sequence[int] | Rows, weights: Values) -> Values:
    """The weighted sum [n] of some rows of a relation."""
    found = np.zeros(relation.shape[1])
    for row, weight in zip(rows, weights, strict=True):
        part = slice(relation.indptr[row], relation.indptr[row + 1])
        found[relation.indices[part]] += weight * relation.data[part]
    return found
