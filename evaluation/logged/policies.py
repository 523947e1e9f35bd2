"""Policies that a log is asked about: candidates → the probability of each to stand first."""

from bisect import bisect_left
from collections.abc import Mapping

import numpy as np

from evaluation.logged.log import Openings
from evaluation.logged.off_policy import FirstPlace, Policy
from evaluation.measures.metrics import Values


def without_exploration(place: FirstPlace) -> Values:
    """Always the first by worth."""
    return _always(0, place)


def uniform(place: FirstPlace) -> Values:
    """Each candidate alike."""
    return np.full(len(place.candidates), 1 / len(place.candidates))


def by_popularity(openings: Openings) -> Policy:
    """Always what most learners had opened until then; of equals the first by worth."""

    def popular(place: FirstPlace) -> Values:
        times = [bisect_left(openings.get(one, ()), place.time) for one in place.candidates]
        return _always(int(np.argmax(times)), place)

    return popular


def policies(openings: Openings) -> Mapping[str, Policy]:
    """All of them by their names."""
    return {
        "without exploration": without_exploration,
        "uniform over candidates": uniform,
        "by popularity": by_popularity(openings),
    }


def _always(row: int, place: FirstPlace) -> Values:
    found = np.zeros(len(place.candidates))
    found[row] = 1.0
    return found
