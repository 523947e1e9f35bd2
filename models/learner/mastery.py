"""A learner's state → how likely they can do each outcome now, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.learner.certainty import interval
from models.learner.curriculum import Curriculum, Values
from models.learner.features import HOUR, kept
from models.learner.history import Practice
from models.learner.observer.observing import observe
from models.learner.state import PASSED, Learner
from models.learner.tracing import RESULTS, Tracer
from models.log_odds import probabilities

Mask: TypeAlias = NDArray[np.bool_]

MASTERED: Final = 0.8
"""From here on an outcome counts as mastered."""

HELD: Final = 0.78
"""What was shown to be mastered counts as mastered until it is less probable than this."""

OBSERVED: Final = 0.25
"""The observer's share in what is said where nothing was fitted; the rest is the start's weights'.

Chosen by log loss on the first 200 answers of the learners of two folds of DATA/learner/spanish."""

MOVES: Final = 0.01
"""How far what is said still moves where it is kept on the side of what is believed."""

PER_LEVEL, FURTHEST = 1.0, 2.0
"""Log-odds that an outcome a level below the learner's own is likelier known, and the most."""

PRIOR_WORTH, TRIED = 4.0, 3.0
"""How many outcomes the prior is worth beside those tried at lower levels, and how many answers
make one that was tried."""

IN_A_ROW, SHOWN = 4, 1.4
"""So many of the latest results passed show that it can be done, in log-odds at the time."""

CARRIED: Final = 0.5
"""What of surprising evidence is carried along one edge between outcomes."""

HOPS: Final = 3


class Basis(StrEnum):
    """What an estimate of an outcome rests on: the learner's answers, what was said, or neither."""

    ANSWERS = "answers"
    STATEMENTS = "statements"
    GUESS = "guess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastery:
    """For each row [n] of a curriculum how likely it can be done now, and from how many answers.

    What was only said of an outcome counts among its `answers`, but does not make it `tried`.
    `probability` is what is said, `belief` what the next step is chosen by: the same where a tracer
    was fitted. `remembered` is what the belief would be if nothing were forgotten. `practice` and
    `explanation` are what part of an outcome a minute of each is expected to bring, `fixed` the
    rows that a teacher decided on, `certainty` how many answers an estimate is worth that rests on
    none.
    """

    probability: Values
    belief: Values
    answers: Values
    tried: Mask
    remembered: Values
    practice: Values
    explanation: Values
    fixed: frozenset[int]
    certainty: float

    @property
    def mastered(self) -> Mask:
        """Whether each outcome [n] probably can be done, or was shown and is hardly forgotten."""
        return _mastered(self.belief, self.remembered, self.answers)

    def basis(self, row: int) -> Basis:
        """What the estimate of an outcome rests on."""
        if self.tried[row]:
            return Basis.ANSWERS
        is_said = self.answers[row] > 0 or row in self.fixed
        return Basis.STATEMENTS if is_said else Basis.GUESS

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
    """Estimate every outcome at `now` (Unix seconds) for a learner of that level, a rank.

    Where nothing was fitted the observer's belief is what the next step is chosen by, and what is
    said leans on the start's weights, which foretell answers better (`docs/benchmarks.md`). Else
    the tracer tells both. What is to be gained the observer tells.
    """
    present = now if tracer.timed else None
    observed = observe(learner.knowing, curriculum, present, level)
    traced, kept_whole = _traced(learner, curriculum, tracer, now, level)
    belief, remembered = observed.success, observed.remembered
    if tracer.share:
        belief, remembered = traced, kept_whole
    answers = _answers(learner.history.outcomes, curriculum)
    fixed = {
        curriculum.row[name]: statement.can
        for name, statement in learner.overridden.items()
        if name in curriculum.row
    }
    for row, can in fixed.items():
        belief[row] = remembered[row] = can
    probability = belief
    if not tracer.share:
        probability = _said(belief, traced, _mastered(belief, remembered, answers))
        probability[list(fixed)] = list(fixed.values())
    return Mastery(
        probability=probability,
        belief=belief,
        answers=answers,
        tried=_answers(learner.answered, curriculum) > 0,
        remembered=remembered,
        practice=observed.practice,
        explanation=observed.explanation,
        fixed=frozenset(fixed),
        certainty=tracer.certainty,
    )


def _answers(done: Mapping[str, Practice], curriculum: Curriculum) -> Values:
    """How many answers each outcome [n] had, by weight."""
    found = np.zeros(len(curriculum))
    for name, one in done.items():
        if name in curriculum.row:
            found[curriculum.row[name]] = one.answers
    return found


def _mastered(belief: Values, remembered: Values, answers: Values) -> Mask:
    shown = (answers > 0) & (remembered >= MASTERED)
    found: Mask = belief >= np.where(shown, HELD, MASTERED)
    return found


def _said(belief: Values, traced: Values, mastered: Mask) -> Values:
    """What is said of each outcome [n]: both together, on the side of MASTERED of the belief.

    So nobody is told that they can do what is recommended to them as if they could not.
    """
    both = OBSERVED * belief + (1 - OBSERVED) * traced
    limit = np.where(mastered, MASTERED, HELD) + MOVES * both
    found: Values = np.where(mastered, np.maximum(both, limit), np.minimum(both, limit))
    return found


def _traced(
    learner: Learner, curriculum: Curriculum, tracer: Tracer, now: float, level: float | None
) -> tuple[Values, Values]:
    """What a tracer says of each outcome [n], now and if nothing were forgotten."""
    history = learner.history
    told = tracer.log_odds(history, curriculum.ids, now)
    met = {
        curriculum.row[name]: done
        for name, done in history.outcomes.items()
        if name in curriculum.row
    }
    rows, done = list(met), list(met.values())
    hours = np.maximum(0.0, now - np.array([one.time for one in done])) / HOUR
    hours = hours if tracer.timed else np.zeros(len(done))
    gained = np.array([one.ability for one in done])
    # Fitted weights say themselves what time does to results; those of the start do not.
    results = (1 - tracer.share) * np.array([sum(map(mul, RESULTS, one.latest)) for one in done])
    forgotten = results - kept(results, hours)
    ability, answers, lost = np.zeros((3, len(curriculum)))
    ability[rows] = kept(gained, hours)
    answers[rows] = [one.answers for one in done]
    says = max(0.0, tracer.weights.get("outcome ability kept", 0.0))
    lost[rows] = says * (gained - ability[rows]) + forgotten
    told[rows] -= forgotten
    told += _carried(ability, curriculum)
    if level is not None:
        prior = np.clip(PER_LEVEL * (level - curriculum.ranks), -FURTHEST, FURTHEST)
        untouched = np.nan_to_num(prior)
        # What was answered says more than the level; the more of it, the less the level says.
        told += untouched * tracer.certainty / (tracer.certainty + answers)
        told = _as_at_lower_levels(told, met, level, curriculum)
    whole = told + lost
    shown = np.array([_is_shown(one) for one in done], dtype=bool)
    there = np.array(rows, dtype=np.int64)[shown]
    told[there] = np.maximum(told[there], kept(np.full(len(there), SHOWN), hours[shown]))
    whole[there] = np.maximum(whole[there], SHOWN)
    return probabilities(told), probabilities(whole)


def _is_shown(done: Practice) -> bool:
    latest = done.latest[:IN_A_ROW]
    return len(latest) == IN_A_ROW and min(latest) >= 2 * PASSED - 1


def _as_at_lower_levels(
    told: Values, met: Mapping[int, Practice], level: float, curriculum: Curriculum
) -> Values:
    """Log-odds [n] where of what was never tried below the learner's level as much is known as was.

    A learner without gaps shows that soon, and one with gaps too (empirical Bayes: the prior, and
    the successes at what was tried between there and the learner's level).
    """
    below = np.array([row for row in met if curriculum.ranks[row] < level], dtype=np.int64)
    answers = np.array([met[row].answers for row in below.tolist()])
    weights = np.minimum(1.0, answers / TRIED)
    successes = weights * [met[row].successes for row in below.tolist()] / np.maximum(answers, 1e-9)
    untouched = np.ones(len(curriculum), dtype=bool)
    untouched[list(met)] = False
    found = told.copy()
    for rank in np.unique(curriculum.ranks[curriculum.ranks < level]):
        near = curriculum.ranks[below] >= rank
        rows = untouched & (curriculum.ranks == rank)
        if near.any() and rows.any():
            known = probabilities(told[rows]) * PRIOR_WORTH + successes[near].sum()
            share = np.clip(known / (PRIOR_WORTH + weights[near].sum()), 0.02, 0.98)
            found[rows] = np.log(share / (1 - share))
    return found


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
