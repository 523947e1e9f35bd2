"""How much a curator's decision on a resource would teach.

Uncertainty × information density: Settles & Craven, An Analysis of Active Learning Strategies for
Sequence Labeling Tasks (EMNLP 2008).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.encoder import Matrix
from models.index import VectorIndex

NEAR = 10
DRAWN = 256


def uncertainty(confidences: Sequence[float]) -> float:
    """The mean entropy, in bits, of the answers to be given: 0 all are clear, 1 each is open."""
    if not confidences:
        return 0.0
    likely = np.clip(np.asarray(confidences, dtype=float), 1e-9, 1 - 1e-9)
    entropies = -likely * np.log2(likely) - (1 - likely) * np.log2(1 - likely)
    return float(entropies.mean())


class Reach:
    """How close the other resources are to one: what is learned of it helps with those."""

    def __init__(self, resources: VectorIndex, seed: int = 0) -> None:
        self._resources = resources
        self._usual = _usual_similarity(resources, seed)

    def of(self, vectors: Matrix) -> npt.NDArray[np.float64]:
        """From 0 to 1 for each of vectors [n, dimension], which are in the index themselves.

        The mean similarity of the nearest, where 0 is that of two resources drawn at random.
        """
        scores = self._resources.search(vectors, NEAR + 1)[1][:, 1:]
        known = np.where(scores > -1, scores, self._usual)  # FAISS fills up with the lowest float
        mean = known.mean(axis=1) if known.shape[1] else np.full(len(vectors), self._usual)
        above = (mean - self._usual) / max(1e-6, 1 - self._usual)
        return np.clip(above.astype(np.float64), 0.0, 1.0)


def _usual_similarity(resources: VectorIndex, seed: int) -> float:
    """The mean similarity of two that are drawn at random."""
    count = len(resources.ids)
    if count < 2:
        return 0.0
    rows = np.random.default_rng(seed).integers(count, size=(2, DRAWN))
    first, second = (resources.vectors(drawn.astype(np.int64)) for drawn in rows)
    return float((first * second).sum(axis=1).mean())
