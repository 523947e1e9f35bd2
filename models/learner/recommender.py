"""What a learner is to do next, and why: their state in, resources with reasons out.

Outcomes come first (`frontier`), then resources for them. What others use plays no part; what
others learned from it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.learner.curriculum import Curriculum, Rows, Values
from models.learner.frontier import LEVELS_AHEAD, Frontier, Purpose, frontier
from models.learner.mastery import Mask, Mastery, mastery_of
from models.learner.picking import EXPLORED, Candidate, Pick, pick
from models.learner.shelf import Shelf
from models.learner.situation import Asked, Situation, situation_of
from models.learner.state import Learner
from models.learner.tracing import Tracer

POLICY: Final = "frontier-4"
"""Names what `recommend` does; a change of it gets another name, for the log."""

CANDIDATES: Final = 60

# What is left of a score: in a second language, explained before it was tried, for each time met.
SECOND_LANGUAGE, EXPLAINED_FIRST, MET_BEFORE = 0.7, 0.85, 0.8
LITTLE: Final = 1e-6
"""What is taught at least, so that everything has a place in the list."""
HELPFUL: Final = 0.3
"""How much more a resource counts at most from which others learned more than expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One recommendation: rows of the resource and of the outcome that it is for, and why.

    `mastery` is that of the outcome, `builds_on` the best mastered row that it builds on, `towards`
    an outcome that it leads to; `is_gap` says that its level is below the learner's; `propensity`
    is the probability that this stands here. `origin` is another curriculum's outcome, by which a
    crosswalk leads the resource to this one.
    """

    resource: int
    outcome: int
    purpose: Purpose
    score: float
    propensity: float
    mastery: float
    builds_on: int | None
    towards: int | None
    is_gap: bool
    origin: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """The steps in their order, all candidates, the best first, and what they rest on."""

    steps: tuple[Step, ...]
    candidates: tuple[Candidate, ...]
    mastery: Mastery
    situation: Situation


class Recommender:
    """Recommends from one curriculum and shelf. Read-only, so safe to share between threads.

    `helpful` says of resources how much more others learned from them than expected, in log-odds.
    """

    def __init__(
        self,
        curriculum: Curriculum,
        shelf: Shelf,
        tracer: Tracer,
        helpful: Mapping[str, float] | None = None,
        explored: float = EXPLORED,
    ) -> None:
        self.curriculum, self.shelf, self.tracer = curriculum, shelf, tracer
        self._explored = explored
        helped = helpful or {}
        self._helpful = np.array([helped.get(one.id, 0.0) for one in shelf.resources])
        self._teachable = shelf.teachable(len(curriculum))

    def recommend(self, learner: Learner, asked: Asked, seed: int = 0) -> Recommended:
        """The next steps; the same `seed` explores the same."""
        situation = situation_of(learner, self.curriculum, self.shelf, asked)
        mastery = self.mastery(learner, asked, situation)
        outcomes = frontier(
            self.curriculum,
            mastery,
            self._teachable,
            framework=situation.framework,
            level=situation.level,
            goal=asked.goal,
        )
        candidates = self._candidates(learner, mastery, outcomes, asked, situation)
        picks = pick(candidates, asked.k, seed=seed, explored=self._explored)
        return Recommended(
            steps=tuple(self._step(one, outcomes, mastery, asked.goal, situation) for one in picks),
            candidates=tuple(candidates),
            mastery=mastery,
            situation=situation,
        )

    def mastery(self, learner: Learner, asked: Asked, situation: Situation) -> Mastery:
        """What the learner can do of each outcome."""
        return mastery_of(learner, self.curriculum, self.tracer, asked.now, situation.level)

    def _candidates(
        self,
        learner: Learner,
        mastery: Mastery,
        outcomes: Frontier,
        asked: Asked,
        situation: Situation,
    ) -> list[Candidate]:
        found = [self.shelf.of_outcome(row) for row in outcomes.rows.tolist()]
        sizes = [len(resources) for resources, _ in found]
        if not sum(sizes):
            return []
        resources = np.concatenate([each for each, _ in found])
        certainty = np.concatenate([each for _, each in found])
        rows, worth = np.repeat(outcomes.rows, sizes), np.repeat(outcomes.worth, sizes)
        shown = self._passing(resources, learner, asked, situation, outcomes.level)
        resources, rows = resources[shown], rows[shown]
        fit = self._fit(resources, learner, situation.languages)
        fit *= _taught(mastery, rows, self.shelf.is_practice[resources])
        scores = worth[shown] * certainty[shown] * fit
        best: dict[int, Candidate] = {}
        for place in np.lexsort((resources, -scores)).tolist():
            resource = int(resources[place])
            if resource not in best and len(best) < CANDIDATES:
                best[resource] = Candidate(
                    resource=resource,
                    outcome=int(rows[place]),
                    score=float(scores[place]),
                    kind=str(self.shelf.kinds[resource]),
                )
        return list(best.values())

    def _passing(
        self,
        resources: Rows,
        learner: Learner,
        asked: Asked,
        situation: Situation,
        furthest: float | None,
    ) -> Mask:
        """Whether each resource may be shown at all."""
        shelf = self.shelf
        finished = [shelf.row[name] for name in learner.finished if name in shelf.row]
        shown = ~np.isin(resources, finished)
        if situation.languages:
            shown &= np.isin(shelf.languages[resources], [*situation.languages, ""])
        if asked.kind is not None:
            shown &= shelf.kinds[resources] == asked.kind
        if asked.offline:
            shown &= shelf.is_offline[resources]
        if furthest is not None and situation.framework in shelf.levels:
            named = shelf.levels[situation.framework][resources]
            shown &= ~(named > furthest + LEVELS_AHEAD)
        return shown

    def _fit(self, resources: Rows, learner: Learner, languages: Sequence[str]) -> Values:
        """How well each resource suits, about 1."""
        shelf = self.shelf
        fit = np.ones(len(resources))
        if languages:
            fit *= np.where(shelf.languages[resources] == languages[0], 1.0, SECOND_LANGUAGE)
        met = [learner.met.get(name, 0) for name in shelf.ids[resources]]
        fit *= MET_BEFORE ** np.array(met, dtype=float)
        found: Values = fit * (1 + HELPFUL * np.tanh(self._helpful[resources]))
        return found

    def _step(
        self,
        found: Pick,
        outcomes: Frontier,
        mastery: Mastery,
        goal: str | None,
        situation: Situation,
    ) -> Step:
        one = found.candidate
        level = situation.level
        return Step(
            resource=one.resource,
            outcome=one.outcome,
            purpose=outcomes.purposes[one.outcome] if found.is_best else Purpose.EXPLORE,
            score=one.score,
            propensity=found.propensity,
            mastery=float(mastery.probability[one.outcome]),
            builds_on=self._builds_on(one.outcome, mastery),
            towards=self._towards(one.outcome, mastery, goal),
            is_gap=level is not None and bool(self.curriculum.ranks[one.outcome] < level),
            origin=self._origin(one.resource, one.outcome),
        )

    def _origin(self, resource: int, outcome: int) -> int | None:
        pair = (self.shelf.resources[resource].id, self.curriculum.ids[outcome])
        return self.curriculum.row.get(self.shelf.origins.get(pair, ""))

    def _builds_on(self, outcome: int, mastery: Mastery) -> int | None:
        needed = self.curriculum.requires(outcome)
        return max(needed, key=lambda row: (mastery.belief[row], row), default=None)

    def _towards(self, outcome: int, mastery: Mastery, goal: str | None) -> int | None:
        if goal is not None:
            rows = self.curriculum.under(goal)
            return None if outcome in rows else min(rows, default=None)
        after = [row for row in self.curriculum.unlocks(outcome) if not mastery.mastered[row]]
        return min(after, default=None)


def _taught(mastery: Mastery, rows: Rows, is_practice: Mask) -> Values:
    """What part of the most that can be learned of its outcome now each resource teaches.

    What was never tried is tried first: that tells most, and what follows is learned better
    (Richland, Kornell & Kao, The Pretesting Effect, 2009).
    """
    practice, explanation = mastery.practice[rows], mastery.explanation[rows]
    most = np.maximum(np.maximum(practice, explanation), LITTLE)
    taught = np.maximum(np.where(is_practice, practice, explanation) / most, LITTLE)
    return np.where(mastery.answers[rows] > 0, taught, np.where(is_practice, 1.0, EXPLAINED_FIRST))
