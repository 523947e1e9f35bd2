"""Knowledge tracing: what a learner did → the probability that they succeed at what comes next.

One linear model in log-odds over `features`. Where nothing was fitted it is Elo's (the learner's
running ability, what they gained at the outcome and still keep of it, and how easy the item is) and
the latest results, since Elo alone notices late what was learned. `fitting` fits the other weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from models.learner.difficulty import Difficulties
from models.learner.evidence import Evidence
from models.learner.features import NAMES, WIDTH, Values, facts, features, typical_facts
from models.learner.history import LAST, History

ELO: Final = {"item easiness": 1.0, "learner ability": 1.0, "outcome ability kept": 1.0}
RESULTS: Final = tuple(0.3 * 0.8**place for place in range(LAST))
START: Final = {
    **ELO,
    "outcome ability kept": 0.5,
    **{f"outcome result {place}": weight for place, weight in enumerate(RESULTS, 1)},
}
"""The weights that fitting starts from; RESULTS are those of the latest results, 1 to -1."""

START_EASINESS: Final = -0.4
"""Log-odds that a learner who is new succeeds at what their level is to learn."""

START_CERTAINTY: Final = 4.0


@dataclass(frozen=True, kw_only=True)
class Tracer:
    """A fitted state: how easy things are, what features weigh, and what is left to say of each.

    `timed` tells whether it knows what time does, `certainty` how many answers an estimate is worth
    that rests on nothing else, `share` how far its weights are from START, and `answers` and
    `learners` how much it was fitted on.
    """

    kind: str
    share: float = 0.0
    difficulties: Difficulties
    intercept: float = 0.0
    weights: Mapping[str, float]
    outcomes: Mapping[str, float] = field(default_factory=dict)
    items: Mapping[str, float] = field(default_factory=dict)
    timed: bool = True
    certainty: float = START_CERTAINTY
    learners: int = 0
    answers: int = 0

    @cached_property
    def vector(self) -> Values:
        """The weights [len(NAMES)] in their order."""
        return np.array([self.weights.get(name, 0.0) for name in NAMES])

    def history(self, evidence: Sequence[Evidence]) -> History:
        """What evidence in its order of time leaves of a learner."""
        history = History()
        for one in evidence:
            history.observe(one, self.difficulties)
        return history

    def trace(self, evidence: Sequence[Evidence]) -> Values:
        """Log-odds [n] of each answer's success, told from those before it."""
        left = np.array([self.offset(one.item, one.outcomes) for one in evidence])
        found: Values = self.before(evidence) @ self.vector + left
        return found

    def before(self, evidence: Sequence[Evidence]) -> Values:
        """Features [n, len(NAMES)] of each answer, told from those before it."""
        history, known = History(), []
        for one in evidence:
            now = one.time if self.timed else None
            known.append(facts(history, self.difficulties, one.item, one.outcomes, now))
            history.observe(one, self.difficulties)
        return features(np.array(known).reshape(-1, WIDTH))

    def log_odds(self, history: History, outcomes: Sequence[str], now: float) -> Values:
        """How likely [n] a learner succeeds now at a typical item of each outcome."""
        known = typical_facts(history, self.difficulties, outcomes, now if self.timed else None)
        left = np.array([self.outcomes.get(name, 0.0) for name in outcomes])
        found: Values = features(known) @ self.vector + left + self.intercept
        return found

    def offset(self, item: str | None, outcomes: Sequence[tuple[str, float]]) -> float:
        """What no feature says: the intercept, the item's own and the outcomes' weights."""
        total = sum(weight for _, weight in outcomes)
        own = sum(weight * self.outcomes.get(name, 0.0) for name, weight in outcomes)
        of_item = 0.0 if item is None else self.items.get(item, 0.0)
        return self.intercept + of_item + (own / total if total else 0.0)


def starting_tracer() -> Tracer:
    """What a platform begins with, before anybody has answered anything."""
    return Tracer(kind="start", difficulties=Difficulties(typical=START_EASINESS), weights=START)
