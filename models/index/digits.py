"""Vectors in digits of four bits: the more of them, the more a component tells them apart.

A vector is turned into the directions in which vectors differ most. Each component is then told by
a first digit, what that leaves by a second one, and so on. A component is the sum of what its
digits stand for, so an inner product is one with a longer vector, whose components are the digits;
that is how FAISS, which knows nothing of this, compares them.

The digits go where they bring most (reverse water-filling; Cover & Thomas, Elements of Information
Theory, 2006, 10.3), counting an error as often as a query multiplies it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import faiss
import numpy as np
import numpy.typing as npt

from models.encoder import Matrix
from models.index.protocol import Rows

Places = npt.NDArray[np.int32]

# Digits a component has on average: ten bits.
DIGITS: Final = 2.5
STEPS: Final = 15
"""Into which FAISS cuts the range of a digit."""
# How far beyond what was learned from a later vector may reach.
ROOM: Final = 1.25
# An error that is this many times the usual one is no longer of the digits alone.
UNUSUAL: Final = 2.0


class Digits:
    """Rows of vectors [n, dimension] as FAISS's `IndexPreTransform` keeps and compares them."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._digits: Any = faiss.downcast_index(index.index)
        chain: Any = index.chain
        turn: Any = faiss.downcast_VectorTransform(chain.at(0))
        repeat: Any = faiss.downcast_VectorTransform(chain.at(1))
        self._turn: Matrix = faiss.vector_to_array(turn.A).reshape(turn.d_out, turn.d_in)
        self._levels = _levels(faiss.vector_to_array(repeat.map))

    @property
    def loss(self) -> float:
        """How far what is kept of a vector may lie from it, unless it is unlike all before it."""
        _, widths = faiss.vector_to_array(self._digits.sq.trained).reshape(2, -1)
        last = np.empty(len(self._turn), np.float32)
        for components, digits in self._levels:
            last[components] = widths[digits] / STEPS
        return UNUSUAL * float(np.sqrt(np.square(last).sum() / 12))

    def add(self, vectors: Matrix) -> None:
        """Append vectors [n, dimension]."""
        rest = vectors @ self._turn.T
        found = np.zeros((len(rest), self._digits.d), np.float32)
        for components, digits in self._levels:
            found[:, digits] = rest[:, components]
            told = self._digits.sa_decode(self._digits.sa_encode(found))
            rest[:, components] -= told[:, digits]
        self._digits.add(found)
        self._index.ntotal = self._digits.ntotal

    def reconstruct_batch(self, rows: Rows) -> Matrix:
        """What is kept of rows [n], as vectors [n, dimension]."""
        told = self._digits.reconstruct_batch(rows)
        turned = np.zeros((len(rows), len(self._turn)), np.float32)
        for components, digits in self._levels:
            turned[:, components] += told[:, digits]
        found: Matrix = turned @ self._turn
        return found


def in_digits(sample: Matrix) -> faiss.IndexPreTransform:
    """An empty index for vectors like those of sample [n, dimension], which are many."""
    variances, directions = np.linalg.eigh(sample.T @ sample / len(sample))
    turned = sample @ directions
    low, high = turned.min(axis=0), turned.max(axis=0)
    count = _shared_out(variances * np.square(high - low))
    order = np.argsort(-count, kind="stable")
    middle, half = ((high + low) / 2)[order], ROOM * ((high - low) / 2)[order]
    ranges = []
    for level in range(count.max()):
        told = int((count > level).sum())
        ranges.append(np.stack([middle[:told] - half[:told], middle[:told] + half[:told]]))
        middle, half = np.zeros_like(middle), half / STEPS
    return _assembled(directions.T[order], ranges)


def _shared_out(errors: Matrix) -> Places:
    """How many digits each component gets, by what it would be wrong with none [dimension]."""
    count = np.ones(len(errors), np.int32)
    left = errors / STEPS**2
    for _ in range(int((DIGITS - 1) * len(errors))):
        place = left.argmax()
        count[place] += 1
        left[place] /= STEPS**2
    return count


def _assembled(turn: Matrix, ranges: Sequence[Matrix]) -> faiss.IndexPreTransform:
    """Turn a vector [dimension], and tell the first components in each of the ranges [2, n]."""
    dimension = len(turn)
    places = np.concatenate([np.arange(told.shape[1], dtype=np.int32) for told in ranges])
    four, metric = faiss.ScalarQuantizer.QT_4bit, faiss.METRIC_INNER_PRODUCT
    digits = faiss.IndexScalarQuantizer(len(places), four, metric)
    digits.train(np.ascontiguousarray(np.hstack(ranges), dtype=np.float32))
    rotation = faiss.LinearTransform(dimension, dimension, False)
    faiss.copy_array_to_vector(np.ascontiguousarray(turn, dtype=np.float32).ravel(), rotation.A)
    rotation.is_trained = True
    repeat = faiss.RemapDimensionsTransform(dimension, len(places), faiss.swig_ptr(places))
    index = faiss.IndexPreTransform(digits)
    for part in (repeat, rotation):
        index.prepend_transform(part)
        part.this.disown()  # type: ignore[union-attr]
    digits.this.disown()  # type: ignore[attr-defined]
    index.own_fields = True
    return index


def _levels(places: Places) -> list[tuple[slice, slice]]:
    """The components that have a first digit, a second one and so on, and where these are."""
    begins = [*np.flatnonzero(places == 0).tolist(), len(places)]
    return [(slice(end - begin), slice(begin, end)) for begin, end in pairwise(begins)]
