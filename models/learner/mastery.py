"""A learner's state → how likely they can do each outcome now, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.learner.certainty import interval
from models.learner.curriculum import Curriculum, Values
from models.learner.features import HOUR, kept
from models.learner.state import Learner
from models.learner.tracing import Tracer, probabilities

Mask: TypeAlias = NDArray[np.bool_]

MASTERED: Final = 0.75
"""From here on an outcome counts as mastered."""

PER_LEVEL, FURTHEST = 0.5, 1.5
"""Log-odds that an outcome a level below the learner's own is likelier known, and the most."""

CARRIED: Final = 0.5
"""What of surprising evidence is carried along one edge between outcomes."""

HOPS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastery:
    """For each row [n] of a curriculum how likely it can be done now, and from how many answers.

    `remembered` is what it would be if nothing were forgotten, `fixed` the rows that a teacher
    decided on, `certainty` how many answers an estimate is worth that rests on none.
    """

    probability: Values
    answers: Values
    remembered: Values
    fixed: frozenset[int]
    certainty: float

    @property
    def mastered(self) -> Mask:
        """Whether each outcome [n] probably can be done."""
        return self.probability >= MASTERED

    def bounds(self, rows: Sequence[int]) -> tuple[Values, Values]:
        """Bounds that hold the truth with 80 %, for those rows."""
        wanted = list(rows)
        told = self.probability[wanted]
        low, high = interval(told, self.answers[wanted], self.certainty)
        fixed = np.array([row in self.fixed for row in wanted], dtype=bool)
        return np.where(fixed, told, low), np.where(fixed, told, high)


def mastery_of(
    learner: Learner,
    curriculum: Curriculum,
    tracer: Tracer,
    now: float,
    level: float | None = None,
) -> Mastery:
    """Estimate every outcome at `now` (Unix seconds) for a learner of that level, a rank."""
    history = learner.history
    told = tracer.log_odds(history, curriculum.ids, now)
    met = [
        (curriculum.row[name], done)
        for name, done in history.outcomes.items()
        if name in curriculum.row
    ]
    ability = np.zeros(len(curriculum))
    answers = np.zeros(len(curriculum))
    lost = np.zeros(len(curriculum))
    for row, done in met:
        hours = max(0.0, now - done.time) / HOUR if tracer.timed else None
        ability[row] = kept(done.ability, hours)
        answers[row] = done.answers
        lost[row] = done.ability - ability[row]
    told += _carried(ability, curriculum)
    if level is not None:
        prior = np.clip(PER_LEVEL * (level - curriculum.ranks), -FURTHEST, FURTHEST)
        untouched = np.nan_to_num(prior)
        # What was answered says more than the level; the more of it, the less the level says.
        told += untouched * tracer.certainty / (tracer.certainty + answers)
    probability = probabilities(told)
    remembered = probabilities(told + lost)
    fixed = {
        curriculum.row[name]: statement.can
        for name, statement in learner.overridden.items()
        if name in curriculum.row
    }
    for row, can in fixed.items():
        probability[row] = remembered[row] = can
    return Mastery(
        probability=probability,
        answers=answers,
        remembered=remembered,
        fixed=frozenset(fixed),
        certainty=tracer.certainty,
    )


def _carried(ability: Values, curriculum: Curriculum) -> Values:
    """Log-odds that evidence on other outcomes brings.

    Doing what builds on an outcome speaks for it; failing at what it builds on speaks against it.
    Neither the other way round, so that mastering one thing never speaks against the next.
    """
    edges = curriculum.edges
    gain = np.maximum(ability, 0.0)
    lack = np.minimum(ability, 0.0)
    up, down = np.zeros_like(ability), np.zeros_like(ability)
    for _ in range(HOPS):
        step_up, step_down = up.copy(), down.copy()
        np.maximum.at(step_up, edges.requires, CARRIED * np.maximum(gain, up)[edges.outcome])
        np.minimum.at(step_down, edges.outcome, CARRIED * np.minimum(lack, down)[edges.requires])
        up, down = step_up, step_down
    found: Values = up + down
    return found
