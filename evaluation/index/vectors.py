"""Made-up vectors that are as near to one another, and as hard to tell apart, as those of texts.

Topics within topics, each a step from the one above it. How the variance falls from direction to
direction was fitted to vectors of lessons by MiniLM; docs/benchmarks.md says how well it agrees.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from models.encoder import Matrix

# Topics within each topic, level by level, and how much of the variance each level brings; the last
# is what tells texts of one topic apart.
TOPICS: Final = (20, 15, 10, 10)
VARIANCE: Final = (0.2, 0.2, 0.2, 0.2, 0.2)
# How far a text may lean to a second topic, which is what makes regions hard to tell apart.
LEANING: Final = 0.4
# The squared length of what all texts have in common.
COMMON: Final = 0.09
# How the variance of the directions falls: (1 + i) ** -SLOPE * exp(-i / REACH).
SLOPE: Final = 0.4
REACH: Final = 120.0
# How differently topics are loved, in the standard deviation of the logarithm of their share.
UNEVEN: Final = 1.0
AT_ONCE: Final = 50_000


class Topics:
    """A tree of topics, the same for the same seed, to draw vectors from."""

    def __init__(self, dimension: int = 384, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        place = np.arange(dimension)
        variance = (1.0 + place) ** -SLOPE * np.exp(-place / REACH)
        self._scale = np.sqrt(variance / variance.sum()).astype(np.float32)
        centre = self._random.standard_normal((1, dimension)).astype(np.float32)
        self._centres = centre * np.float32(np.sqrt(COMMON) / np.linalg.norm(centre))
        for topics, share in zip(TOPICS, VARIANCE, strict=False):
            above = np.repeat(self._centres, topics, axis=0)
            self._centres = above + self._steps(len(above), share)
        loved = np.exp(UNEVEN * self._random.standard_normal(len(self._centres)))
        self._shares = loved / loved.sum()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return len(self._scale)

    def draw(self, count: int) -> Iterator[Matrix]:
        """New unit vectors, `count` in all, some [m, dimension] at a time."""
        for start in range(0, count, AT_ONCE):
            size = min(AT_ONCE, count - start)
            first, second = self._random.choice(len(self._centres), (2, size), p=self._shares)
            leaning = LEANING * self._random.random((size, 1), dtype=np.float32) ** 2
            vectors = (1 - leaning) * self._centres[first] + leaning * self._centres[second]
            vectors += self._steps(size, VARIANCE[-1])
            yield vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def _steps(self, count: int, share: float) -> Matrix:
        drawn = self._random.standard_normal((count, len(self._scale)), dtype=np.float32)
        steps: Matrix = drawn * (self._scale * np.float32(np.sqrt(share)))
        return steps
