"""Scored candidates → a short, varied list, of which a share is drawn at random.

Each place has the best that is left, or with the probability `explored` any that is left; so the
probability of what stands there is known, and other policies can be estimated from what came of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

EXPLORED: Final = 0.1
SAME_OUTCOME, SAME_KIND = 0.5, 0.9
"""What is left of a score for each that stands before it with the same outcome, or kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A resource row for an outcome row, with its score and kind."""

    resource: int
    outcome: int
    score: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """What stands at a place: `propensity` is its probability given what stands before it."""

    candidate: Candidate
    propensity: float
    is_best: bool


def pick(candidates: Sequence[Candidate], k: int, *, seed: int, explored: float) -> list[Pick]:
    """At most `k` of the candidates. The same seed draws the same."""
    draw = np.random.default_rng(seed)
    left = list(candidates)
    outcomes: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    picks: list[Pick] = []
    while left and len(picks) < k:
        worth = [
            one.score * SAME_OUTCOME ** outcomes[one.outcome] * SAME_KIND ** kinds[one.kind]
            for one in left
        ]
        best = int(np.argmax(worth))
        place = int(draw.integers(len(left))) if draw.random() < explored else best
        chosen = (1 - explored) * (place == best) + explored / len(left)
        one = left.pop(place)
        picks.append(Pick(candidate=one, propensity=chosen, is_best=place == best))
        outcomes[one.outcome] += 1
        kinds[one.kind] += 1
    return picks
