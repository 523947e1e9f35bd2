"""Simulated learners who can do an outcome more and more.

The log-odds of success grow with each question, more after a success (PFA: Pavlik, Cen & Koedinger,
AIED 2009), and fade by a power law (Wixted & Carpenter, Psychological Science 2007), the slower the
more days an outcome was practised on (DAS3H: Choffin et al., EDM 2019; Cepeda et al., Psychological
Bulletin 2006). Outcomes differ in how hard they are, learners in ability.
"""

from typing import Final

import numpy as np

from evaluation.measures.metrics import Values
from evaluation.simulation.curriculum import World
from evaluation.simulation.students import DAY, OLD_DAYS, Mask, Studying
from models.log_odds import probabilities

CAN: Final = 0.75
"""With this probability of success an outcome counts as mastered."""

NOTHING_KNOWN, DIFFICULTY_SPREAD, ABILITY_SPREAD = -2.0, 0.3, 0.3
"""Log-odds of success before anything is learned, and standard deviations about it."""

ABOVE, ABOVE_SPREAD, PARTLY = 0.3, 0.5, 0.3
"""By how many log-odds what is known at the start is above CAN, mean and standard deviation (with
the sign left out), and up to which part of the way there what is not known is."""

AFTER_SUCCESS, AFTER_FAILURE, AFTER_EXPLANATION = 0.11, 0.035, 0.055
"""Log-odds gained with a question, or with as many minutes of explanation."""

UNREADY: Final = 0.2
"""What is still learned of an outcome when nothing of what it builds on is known."""

FADING: Final = (0.05, 0.2)
"""Least and greatest exponent of fading; each learner has their own."""

FRESH_DAYS, SPACED = 4.0, 2.0
"""How long it takes until fading of what is new is felt, and how a further day of practice
multiplies that."""

BEST_AT, ZONE, ZONE_PEAK = 0.85, 0.5, 1.3
"""Where success is so likely practice teaches most, ZONE_PEAK times as much as without a zone, and
how wide the zone is."""


class LogisticStudent(Studying):
    """Succeeds with a probability that grows with practice and fades with time.

    `known` [n] is what they begin with at `now`. With `zone` practice teaches most where success
    is likely (85 %: Wilson et al., Nature Communications 2019).
    """

    def __init__(
        self,
        world: World,
        known: Mask,
        draw: np.random.Generator,
        now: float,
        *,
        zone: bool = False,
    ) -> None:
        super().__init__(world, draw)
        size = len(known)
        self._draw, self._zone = draw, zone
        ability = draw.normal(0, ABILITY_SPREAD)
        self._base = NOTHING_KNOWN + ability + draw.normal(0, DIFFICULTY_SPREAD, size)
        needed = _log_odds(CAN) - self._base
        above = np.abs(draw.normal(ABOVE, ABOVE_SPREAD, size))
        partly = draw.uniform(0, PARTLY, size)
        self._strength = np.where(known, needed + above, np.maximum(0, needed * partly))
        self._time = np.full(size, now)
        self._days = np.where(known, OLD_DAYS, FRESH_DAYS)
        self._fading = draw.uniform(*FADING)

    def mastered(self, now: float) -> Mask:
        """Whether success at each outcome [n] is likely enough."""
        found: Mask = self.chances(now) >= CAN
        return found

    def chances(self, now: float) -> Values:
        """How likely success at each outcome [n] is."""
        return probabilities(self._base + self._kept(now))

    def gains(self, now: float, end: float, /) -> Values:
        """What part of the way to being mastered at `end` each activity [m] is."""
        chances = self.chances(now)
        each = chances * AFTER_SUCCESS + (1 - chances) * AFTER_FAILURE
        practice = (each * self._zoned(chances))[self.outcome]
        gained = np.where(self.explains, AFTER_EXPLANATION, practice)
        gained *= self._rates(now)[self.outcome] * self.doses
        fade = (1 + (end - now) / DAY / self._days) ** -self._fading
        lacking = (_log_odds(CAN) - self._base) / fade - self._kept(now)
        found: Values = np.clip(gained / np.maximum(lacking, 1e-9)[self.outcome], 0, 1)
        found *= (lacking > 0)[self.outcome]
        return found

    def study(self, activity: int, now: float) -> list[bool]:
        """Answer, and learn with each question."""
        one = self.activities[activity]
        row, rate = one.outcome, self._rates(now)[one.outcome]
        if now - self._time[row] > DAY / 2:
            self._strength[row] = self._kept(now)[row]
            self._days[row] *= SPACED
        self._time[row] = now
        if not one.questions:
            self._strength[row] += rate * AFTER_EXPLANATION * self.explain(activity)
        answers = []
        for _ in range(one.questions):
            chance = probabilities(self._base[row] + self._strength[row])
            answers.append(bool(self._draw.random() < chance))
            gain = AFTER_SUCCESS if answers[-1] else AFTER_FAILURE
            self._strength[row] += rate * gain * self._zoned(chance)
        return answers

    def _kept(self, now: float) -> Values:
        """What of its strength each outcome [n] still has, in log-odds."""
        days = np.maximum(0.0, now - self._time) / DAY
        found: Values = self._strength * (1 + days / self._days) ** -self._fading
        return found

    def _rates(self, now: float) -> Values:
        """How fast each outcome [n] is learned; 1 at the usual speed and ready for it."""
        ready = np.minimum(1.0, self.lowest(self.chances(now)) / CAN)
        found: Values = self.speed * (UNREADY + (1 - UNREADY) * ready**2)
        return found

    def _zoned(self, chance: Values) -> Values:
        if not self._zone:
            return np.ones_like(chance)
        found: Values = ZONE_PEAK * np.exp(-(((chance - BEST_AT) / ZONE) ** 2))
        return found


def _log_odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
