"""Simulated learners who know an outcome or do not.

Bayesian knowledge tracing (Corbett & Anderson, Knowledge Tracing, UMUAI 1995): each question may
turn an outcome to known. With forgetting (Khajah, Lindsey & Mozer, How Deep is Knowledge Tracing?,
EDM 2016), here by a power law: each day may turn it back.
"""

from typing import Final

import numpy as np

from evaluation.measures.metrics import Values
from evaluation.simulation.curriculum import World
from evaluation.simulation.students import DAY, OLD_DAYS, Mask, Studying

GUESS, SLIP = (0.05, 0.15), (0.03, 0.08)
"""Least and greatest probability of a right answer where an outcome is not known, and of a wrong
one where it is; each outcome has its own."""

TRANSIT: Final = 0.02
"""The probability that a question makes its outcome known, at a speed of 1."""

MISSING_ONE: Final = 0.4
"""What is left of it for each outcome built on that is not known."""

FORGOTTEN, FORGETTING_DAYS = 0.05, 7.0
"""Of n outcomes n (1 + days / FORGETTING_DAYS) ** -FORGOTTEN are still known."""


class TracedStudent(Studying):
    """Knows an outcome or not. `known` [n] is what they begin with at `now`."""

    def __init__(self, world: World, known: Mask, draw: np.random.Generator, now: float) -> None:
        super().__init__(world, draw)
        size = len(known)
        self._known, self._draw, self._time = known.copy(), draw, now
        self._guess, self._slip = draw.uniform(*GUESS, size), draw.uniform(*SLIP, size)
        self._since = np.full(size, now - OLD_DAYS * DAY)

    def mastered(self, now: float) -> Mask:
        """Whether each outcome [n] is known."""
        if now - self._time > DAY / 2:  # nights, not minutes
            kept = (self._age(now) / self._age(self._time)) ** -FORGOTTEN
            self._known &= self._draw.random(len(self._known)) < kept
            self._time = now
        return self._known

    def gains(self, now: float, _end: float, /) -> Values:
        """The probability [m] that an activity makes its outcome known."""
        chance = self._chances(now)[self.outcome]
        gained = 1 - (1 - chance) ** self.doses
        found: Values = gained * ~self.mastered(now)[self.outcome]
        return found

    def study(self, activity: int, now: float) -> list[bool]:
        """Answer, and perhaps learn with each question."""
        one = self.activities[activity]
        row, chance = one.outcome, self._chances(now)[one.outcome]
        self._since[row] = now
        if not one.questions:
            self._known[row] |= self._draw.random() < 1 - (1 - chance) ** self.explain(activity)
        answers = []
        for _ in range(one.questions):
            right = 1 - self._slip[row] if self._known[row] else self._guess[row]
            answers.append(bool(self._draw.random() < right))
            self._known[row] |= self._draw.random() < chance
        return answers

    def _age(self, now: float) -> Values:
        """For how long each outcome [n] was not practised, as the power law has it."""
        found: Values = 1 + (now - self._since) / DAY / FORGETTING_DAYS
        return found

    def _chances(self, now: float) -> Values:
        """The probability that one question makes each outcome [n] known."""
        missing = np.bincount(self.after, ~self.mastered(now)[self.before], len(self._known))
        return np.asarray(min(TRANSIT * self.speed, 0.9) * MISSING_ONE**missing, dtype=np.float64)
