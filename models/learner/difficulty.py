"""How easy outcomes and items are for everybody, in log-odds of success."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from models.learner.evidence import Evidence

SHRINKAGE: Final = 5.0
"""Answers that the mean above is worth: an item begins as its outcome, an outcome as all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulties:
    """Log-odds that a typical learner succeeds: at anything, at an outcome, at an item of one."""

    typical: float = 0.0
    outcomes: Mapping[str, float] = field(default_factory=dict)
    items: Mapping[str, float] = field(default_factory=dict)

    def outcome(self, outcome: str) -> float:
        """Of an outcome's typical item; that of all where nobody met it."""
        return self.outcomes.get(outcome, self.typical)

    def of(self, outcomes: Sequence[tuple[str, float]]) -> float:
        """Of several outcomes at a time, by how sure each is."""
        total = sum(weight for _, weight in outcomes)
        if not total:
            return self.typical
        return sum(weight * self.outcome(name) for name, weight in outcomes) / total

    def easiness(self, item: str | None, outcomes: Sequence[tuple[str, float]]) -> float:
        """Of an item; of its outcomes where nobody met it."""
        known = None if item is None else self.items.get(item)
        return self.of(outcomes) if known is None else known


def fit_difficulties(histories: Iterable[Sequence[Evidence]]) -> Difficulties:
    """Means of what learners answered, each drawn towards the mean above it (shrinkage)."""
    whole = _Mean()
    by_outcome: dict[str, _Mean] = {}
    by_item: dict[str, _Mean] = {}
    outcomes_of: dict[str, tuple[tuple[str, float], ...]] = {}
    for one in (each for history in histories for each in history):
        whole.add(one.score, one.weight)
        for outcome, certainty in one.outcomes:
            by_outcome.setdefault(outcome, _Mean()).add(one.score, one.weight * certainty)
        if one.item is not None:
            by_item.setdefault(one.item, _Mean()).add(one.score, one.weight)
            outcomes_of[one.item] = one.outcomes
    typical = whole.log_odds(0.0)
    found = Difficulties(
        typical=typical,
        outcomes={name: mean.log_odds(typical) for name, mean in by_outcome.items()},
    )
    items = {name: mean.log_odds(found.of(outcomes_of[name])) for name, mean in by_item.items()}
    return Difficulties(typical=typical, outcomes=found.outcomes, items=items)


@dataclass(slots=True)
class _Mean:
    successes: float = 0.0
    answers: float = 0.0

    def add(self, score: float, weight: float) -> None:
        self.successes += weight * score
        self.answers += weight

    def log_odds(self, prior: float) -> float:
        share = SHRINKAGE / (1 + math.exp(-prior))
        mean = (self.successes + share) / (self.answers + SHRINKAGE)
        return math.log(mean / (1 - mean))
