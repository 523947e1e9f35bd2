"""One learner and one outcome: how well each way of learning it tells what was answered.

A bank of filters, one a way (`ways`), each with its likelihood. Which way it is, and whether the
outcome was known at the beginning, is left to `observing`, which looks at the other outcomes too;
so an answer costs the same however much was done.
"""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from models.learner.observer.ways import (
    FLOOR,
    GUESS,
    IS_AT_ONCE,
    SLIP,
    STATE,
    WAS_KNOWN,
    Values,
    explained,
    log_odds,
    practised,
)
from models.log_odds import probabilities

DAY: Final = 86_400.0
APART: Final = DAY / 2
"""Seconds after which practice is of another day."""

OLD_DAYS, FRESH_DAYS, SPACED = 50.0, 7.0, 2.0
"""After how many days fading is felt of what was known before and of what is new, and what each
further day of practice multiplies that by (spacing: Cepeda et al., Psychological Bulletin 2006)."""

FADING, FORGOTTEN = 0.15, 0.15
"""Exponents of the power laws (Wixted & Carpenter, Psychological Science 2007) by which log-odds
fade, and by which what is known or not is not any more."""

LASTING: Final = 0.98
"""What is left of a likelihood with each further answer: no way is quite true for ever."""

AGAIN: Final = 0.5
"""What a further explanation teaches of a first one."""


@dataclass(slots=True, eq=False)
class Knowing:
    """For each way [w] the `state` at `time` and the log-likelihood `fit` of what was answered.

    `days` is how long each lasts, `answers` how many there were by weight, `explanations` likewise.
    """

    state: Values = field(default_factory=STATE.copy)
    fit: Values = field(default_factory=lambda: np.zeros(len(STATE)))
    days: Values = field(default_factory=lambda: np.where(WAS_KNOWN, OLD_DAYS, FRESH_DAYS))
    time: float | None = None
    answers: float = 0.0
    explanations: int = 0

    def answer(self, score: float, weight: float, time: float, questions: float) -> None:
        """Take in an answer worth `weight`, to so many questions, in Unix seconds."""
        self._come(time)
        right, wrong = weight * score, weight * (1 - score)
        chance = probabilities(self.state)
        known = chance * (1 - SLIP) ** right * SLIP**wrong
        either = known + (1 - chance) * GUESS**right * (1 - GUESS) ** wrong
        gradual = right * np.log(chance) + wrong * np.log1p(-chance)
        self.fit = self.fit * LASTING**weight + np.where(IS_AT_ONCE, np.log(either), gradual)
        told = np.where(IS_AT_ONCE, log_odds(known / either), self.state)
        self.state = practised(told, questions * score, questions * (1 - score))
        self.answers += weight

    def explain(self, minutes: float, time: float) -> None:
        """Take in so many minutes of explanation."""
        self._come(time)
        self.state = explained(self.state, minutes * (AGAIN if self.explanations else 1.0))
        self.explanations += 1

    def at(self, now: float | None) -> Values:
        """The state [w] at a time; None where time does nothing."""
        if self.time is None or now is None or now <= self.time:
            return self.state
        return faded(self.state, self.days, (now - self.time) / DAY)

    def _come(self, time: float) -> None:
        if self.time is not None and time - self.time > APART:
            self.state = self.at(time)
            self.days = self.days * SPACED
        self.time = time if self.time is None else max(self.time, time)


def faded(state: Values, days: Values, idle: Values | float) -> Values:
    """The state [..., w] after so many `idle` days; `days` is how long it lasts."""
    age = 1 + idle / days
    kept = log_odds(probabilities(state) * age**-FORGOTTEN)
    less = np.where(state > FLOOR, FLOOR + (state - FLOOR) * age**-FADING, state)
    found = np.where(IS_AT_ONCE, np.minimum(kept, state), less)
    return np.where(np.asarray(idle) > 0, found, state)


def lacking(state: Values, days: Values, can: float, lasts: float) -> Values:
    """Log-odds [..., w] that are missing for `can` to hold for so many days."""
    level = math.log(can / (1 - can))
    kept = (1 + lasts / days) ** -FADING
    found: Values = FLOOR + (level - FLOOR) / kept - state
    return found
