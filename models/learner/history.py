"""What one learner has done so far, kept so that one more answer is taken in at once.

It holds counts, recent results and running abilities for the learner, and the same for each outcome
and item that they met: what the models of the field look at (Performance Factors Analysis: Pavlik,
Cen & Koedinger 2009; Best-LR: Gervet et al. 2020; DAS3H: Choffin et al. 2019; multi-skill Elo:
Pelánek 2016; Abdi et al. 2019).
"""

import math
from dataclasses import dataclass, field
from typing import Final

from models.learner.difficulty import Difficulties
from models.learner.evidence import Evidence

LAST: Final = 5
"""How many of the latest results are kept one by one."""

CLEAR: Final = 0.5
"""An answer of less weight than this is counted, but is none of the latest results."""

RECENT_RATE, FADING = 0.3, 0.8
LEARNER_RATES: Final = (0.1, 0.02)
SURPRISE_RATES: Final = (0.1, 0.01)
TYPICAL: Final = 0.75
PRIOR_ANSWERS: Final = 20.0

# Steps of the Elo updates: large at first, then smaller, never nothing.
ABILITY_STEP, ABILITY_SLOWING, ABILITY_LEAST = 0.4, 0.05, 0.02
OUTCOME_STEP, OUTCOME_SLOWING, OUTCOME_LEAST = 0.6, 0.2, 0.1


@dataclass(slots=True)
class Practice:
    """What a learner did of one outcome, or of one item. `latest` is the newest result first."""

    successes: float = 0.0
    failures: float = 0.0
    recent: float = 0.5
    fading_successes: float = 0.0
    fading_failures: float = 0.0
    latest: tuple[float, ...] = ()
    step: int = -1
    time: float = -math.inf
    ability: float = 0.0

    @property
    def answers(self) -> float:
        """How many there were, by weight."""
        return self.successes + self.failures

    def take(self, score: float, weight: float, step: int, time: float) -> None:
        """Count one more answer."""
        self.successes += weight * score
        self.failures += weight * (1 - score)
        self.recent += RECENT_RATE * weight * (score - self.recent)
        fade = 1 - (1 - FADING) * weight
        self.fading_successes = self.fading_successes * fade + weight * score
        self.fading_failures = self.fading_failures * fade + weight * (1 - score)
        if weight >= CLEAR:
            results = (2 * score - 1,) * max(1, round(weight))
            self.latest = (*results, *self.latest)[:LAST]
        self.step, self.time = step, time


NOTHING: Final = Practice()


@dataclass(slots=True)
class History:
    """All that one learner did. `observe` takes the next answer in their order of time."""

    successes: float = 0.0
    failures: float = 0.0
    ability: float = 0.0
    steps: int = 0
    time: float = -math.inf
    rates: list[float] = field(default_factory=lambda: [TYPICAL] * len(LEARNER_RATES))
    surprises: list[float] = field(default_factory=lambda: [0.0] * len(SURPRISE_RATES))
    surplus: float = 0.0
    outcomes: dict[str, Practice] = field(default_factory=dict)
    items: dict[str, Practice] = field(default_factory=dict)

    @property
    def mean_surprise(self) -> float:
        """How much better than expected of anyone, an answer on average; towards 0 when few."""
        return self.surplus / (self.successes + self.failures + PRIOR_ANSWERS)

    def of(self, outcome: str) -> Practice:
        """What was done of an outcome."""
        return self.outcomes.get(outcome, NOTHING)

    def of_item(self, item: str | None) -> Practice:
        """What was done of an item."""
        return NOTHING if item is None else self.items.get(item, NOTHING)

    def observe(self, one: Evidence, difficulties: Difficulties) -> None:
        """Take in an answer, in O(outcomes it is about)."""
        easiness = difficulties.easiness(one.item, one.outcomes)
        score, weight = one.score, one.weight
        surprise = score - sigmoid(easiness)
        expected = sigmoid(easiness + self.ability)
        answers = self.successes + self.failures
        step = max(ABILITY_LEAST, ABILITY_STEP / (1 + ABILITY_SLOWING * answers))
        self._practise(one, easiness)
        self.ability += weight * step * (score - expected)
        for place, rate in enumerate(LEARNER_RATES):
            self.rates[place] += weight * rate * (score - self.rates[place])
        for place, rate in enumerate(SURPRISE_RATES):
            self.surprises[place] += weight * rate * (surprise - self.surprises[place])
        self.surplus += weight * surprise
        self.successes += weight * score
        self.failures += weight * (1 - score)
        self.steps += 1
        self.time = one.time

    def _practise(self, one: Evidence, easiness: float) -> None:
        for outcome, certainty in one.outcomes:
            done = self.outcomes.setdefault(outcome, Practice())
            weight = one.weight * certainty
            expected = sigmoid(easiness + self.ability + done.ability)
            step = max(OUTCOME_LEAST, OUTCOME_STEP / (1 + OUTCOME_SLOWING * done.answers))
            done.ability += weight * step * (one.score - expected)
            done.take(one.score, weight, self.steps, one.time)
        if one.item is not None:
            done = self.items.setdefault(one.item, Practice())
            done.take(one.score, one.weight, self.steps, one.time)


def sigmoid(log_odds: float) -> float:
    """Log-odds → probability, without overflow."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1 + odds)
