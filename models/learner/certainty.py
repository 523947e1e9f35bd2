"""How certain an estimate of mastery is: as if it rested on so many answers."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.learner.evidence import Evidence

TRIED: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
AHEAD: Final = 5
INSIDE: Final = 0.8
"""The share of truths that an interval is to hold."""

_Values = NDArray[np.float64]


def fit_certainty(histories: Iterable[Sequence[Evidence]]) -> float:
    """How many answers the mean of all is worth as an estimate of one learner at one outcome.

    The number under which what learners answered is likeliest, taken as draws from a binomial whose
    rate has a beta distribution about the outcome's mean (empirical Bayes).
    """
    from scipy.special import betaln  # brings much that no server's start needs

    counts: dict[str, list[tuple[float, float]]] = {}
    for found in histories:
        mine: dict[str, tuple[float, float]] = {}
        for one in found:
            for outcome, certainty in one.outcomes:
                right, answers = mine.get(outcome, (0.0, 0.0))
                if answers < AHEAD:
                    weight = one.weight * certainty
                    mine[outcome] = (right + weight * one.score, answers + weight)
        for outcome, pair in mine.items():
            counts.setdefault(outcome, []).append(pair)
    rows = [
        (right, answers, sum(each[0] for each in found) / max(sum(e[1] for e in found), 1e-9))
        for found in counts.values()
        for right, answers in found
        if answers > 1
    ]
    if not rows:
        return TRIED[2]
    right, answers, mean = np.array(rows).T
    mean = np.clip(mean, 0.02, 0.98)
    likelihoods = [
        float(
            np.sum(
                betaln(right + worth * mean, answers - right + worth * (1 - mean))
                - betaln(worth * mean, worth * (1 - mean))
            )
        )
        for worth in TRIED
    ]
    return TRIED[int(np.argmax(likelihoods))]


def interval(mastery: _Values, answers: _Values, worth: float) -> tuple[_Values, _Values]:
    """Bounds [n] that hold the truth with the probability INSIDE, given how much was answered."""
    from scipy.special import betaincinv  # see above

    total = answers + worth
    outside = (1 - INSIDE) / 2
    sure = np.clip(mastery, 1e-3, 1 - 1e-3)
    low = betaincinv(sure * total, (1 - sure) * total, outside)
    high = betaincinv(sure * total, (1 - sure) * total, 1 - outside)
    return np.minimum(low, mastery), np.maximum(high, mastery)
