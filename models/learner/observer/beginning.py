"""What a learner knew at the beginning: told from their level, and from what builds on what.

Belief propagation (Pearl 1988; in student models Käser et al., Dynamic Bayesian Networks for
Student Modeling, IEEE TLT 2017) along the prerequisites: what builds on something unknown is seldom
known itself. Messages go down the graph, and up it where something speaks for an outcome; what
speaks against it says nothing of what it builds on, so that success by itself never speaks against
anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.learner.curriculum import Curriculum, Edges, Rows, Values
from models.learner.observer.ways import log_odds
from models.log_odds import probabilities

SWEEPS: Final = 3
"""How many edges away evidence is felt."""

FURTHEST: Final = 12.0  # log-odds, so that no number overflows


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """How often outcomes are known where all that they build on is, and where not.

    It is worth as much as so many of a learner's own outcomes.
    """

    ready: float
    unready: float
    worth: float


BELOW: Final = Usual(ready=0.78, unready=0.3, worth=4.0)
OWN: Final = Usual(ready=0.25, unready=0.08, worth=4.0)
AHEAD: Final = Usual(ready=0.04, unready=0.01, worth=20.0)
ANYWHERE: Final = Usual(ready=0.5, unready=0.2, worth=4.0)
"""Of the level below the learner's, of their own, and above; and where their level is not known."""

FURTHER_BELOW: Final = 0.5
"""What is left of what is not known with each further level below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """How likely each outcome [n] was known: by what others tell of it, and by all that is told.

    `ready` is how likely all that it builds on was.
    """

    by_others: Values
    by_all: Values
    ready: Values


class Beginnings:
    """What is usual, and what this learner's own outcomes then show to be usual of them."""

    def __init__(self, curriculum: Curriculum, level: float | None) -> None:
        self._edges = curriculum.edges
        self._groups = _groups(curriculum, level)
        size = len(curriculum)
        self.ready, self.unready = np.empty(size), np.empty(size)
        for usual, rows in self._groups:
            self.ready[rows], self.unready[rows] = usual.ready, usual.unready

    def told(self, evidence: Values) -> Beginning:
        """What follows from the log-odds [n] of what was answered of each outcome itself."""
        return _propagated(self._edges, self.ready, self.unready, evidence)

    def learn(self, rows: Sequence[int], found: Beginning) -> None:
        """See how much of what was tried, the `rows`, was known (expectation maximisation)."""
        tried = np.zeros(len(self.ready), dtype=bool)
        tried[list(rows)] = True
        for usual, group in self._groups:
            there = group[tried[group]]
            known, ready = found.by_all[there], found.ready[there]
            self.ready[group] = _share(usual.ready, usual.worth, known, ready)
            unready = _share(usual.unready, usual.worth, known, 1 - ready)
            self.unready[group] = np.minimum(unready, self.ready[group])


def _share(usual: float, worth: float, known: Values, weight: Values) -> float:
    return float((worth * usual + weight @ known) / (worth + weight.sum()))


def _groups(curriculum: Curriculum, level: float | None) -> list[tuple[Usual, Rows]]:
    if level is None:
        return [(ANYWHERE, np.arange(len(curriculum)))]
    away = np.nan_to_num(curriculum.ranks - level)
    found = [(OWN, np.flatnonzero(away == 0)), (AHEAD, np.flatnonzero(away > 0))]
    for lower in np.unique(away[away < 0]).tolist():
        lacking = (1 - BELOW.ready) * FURTHER_BELOW ** max(0.0, -lower - 1)
        found.append((replace(BELOW, ready=1 - lacking), np.flatnonzero(away == lower)))
    return found


def _propagated(edges: Edges, ready: Values, unready: Values, evidence: Values) -> Beginning:
    size = len(ready)
    upwards: Values = np.zeros(len(edges.outcome))
    own: Values = ready
    above: Values = np.zeros(size)
    for _ in range(SWEEPS):
        sent = np.log(probabilities((log_odds(own) + evidence + above)[edges.requires] - upwards))
        whole = np.bincount(edges.outcome, sent, size)
        all_known = np.exp(whole)
        own = all_known * ready + (1 - all_known) * unready
        said = np.exp(np.clip(evidence + above, -FURTHEST, FURTHEST))[edges.outcome]
        others = np.exp(whole[edges.outcome] - sent)
        if_known, if_not = (1 + each[edges.outcome] * (said - 1) for each in (ready, unready))
        upwards = np.maximum(0.0, np.log1p(others * (if_known / if_not - 1)))
        above = np.bincount(edges.requires, upwards, size).astype(np.float64)
    by_others = log_odds(own) + above
    return Beginning(
        by_others=probabilities(by_others),
        by_all=probabilities(by_others + evidence),
        ready=all_known,
    )
