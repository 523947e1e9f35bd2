"""Ways in which a learner may learn an outcome: the hypotheses that an observer weighs.

Three kinds, whose parameters are what the literature usually finds, fitted to nobody here: an
outcome is known or not (Bayesian knowledge tracing: Corbett & Anderson, UMUAI 1995); success gets
likelier with each question (PFA: Pavlik, Cen & Koedinger, AIED 2009); and the same, where practice
teaches most if success is likely (85 %: Wilson et al., Nature Communications 2019). Each comes with
several rates of learning and several beginnings.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.log_odds import logit, probabilities

Values: TypeAlias = NDArray[np.float64]

AT_ONCE, GRADUAL, ZONE = range(3)
KINDS: Final = 3

RATES: Final = (0.3, 0.6, 1.0, 1.6)
RATE_PRIOR: Final = (0.15, 0.25, 0.4, 0.2)
"""How fast an outcome is learned, 1 at the usual speed, and how likely each rate is."""

GUESS, SLIP, TRANSIT = 0.15, 0.08, 0.02
"""Where an outcome is known or not: the probability of a right answer without, of a wrong one with
knowing, and that a question makes it known."""

NOT_KNOWN: Final = ((-2.5, 0.3), (-1.75, 0.4), (-1.0, 0.2), (-0.25, 0.1))
KNOWN: Final = ((1.2, 0.4), (1.8, 0.4), (2.6, 0.2))
"""Where it is gradual: log-odds of success at the beginning, and how likely each is."""

AFTER_SUCCESS, AFTER_FAILURE, AFTER_MINUTE = 0.1, 0.04, 0.05
"""Log-odds gained with a question, and with a minute of explanation."""

BEST_AT, WIDTH, PEAK = 0.85, 0.5, 1.3
"""Where success is so likely practice teaches most, in a zone so wide, and how much more."""

FLOOR: Final = -2.0
"""Log-odds of success of who knows nothing; what is above fades."""

_LEAST: Final = 0.005
"""Nobody is ever surer than this that an outcome is known, or is not: opinions must move."""

SUREST: Final = float(np.log((1 - _LEAST) / _LEAST))


def _all() -> list[tuple[int, bool, int, float, float]]:
    """Kind, whether it was known, the place among RATES, the state at first, the prior weight.

    How fast what was known is learned makes no difference worth a way of its own.
    """
    usual = (RATES.index(1.0), 1.0)
    return [
        (kind, known, place, state, share * rate)
        for kind in range(KINDS)
        for known, gradual in ((False, NOT_KNOWN), (True, KNOWN))
        for place, rate in ((usual,) if known else enumerate(RATE_PRIOR))
        for state, share in (((SUREST if known else -SUREST, 1.0),) if kind == AT_ONCE else gradual)
    ]


_KIND, _WAS_KNOWN, _PLACE, _STATE, _PRIOR = zip(*_all(), strict=True)

KIND: Final = np.array(_KIND)
WAS_KNOWN: Final = np.array(_WAS_KNOWN, dtype=bool)
RATE_PLACE: Final = np.array(_PLACE)
RATE: Final = np.array(RATES)[RATE_PLACE]
STATE: Final = np.array(_STATE)
"""At the beginning, of each way [w]: log-odds that it is known, or of success where gradual."""

PRIOR: Final = np.array(_PRIOR)
"""Of each way among those of its kind that begin alike."""

IS_AT_ONCE: Final = KIND == AT_ONCE


def success(state: Values) -> Values:
    """The probability of a right answer [..., w] in a state."""
    chance = probabilities(state)
    return np.where(IS_AT_ONCE, chance * (1 - SLIP) + (1 - chance) * GUESS, chance)


def practised(state: Values, right: float, wrong: float) -> Values:
    """The state [w] after so many right and wrong answers, without what they tell of it."""
    chance = probabilities(state)
    gained = RATE * (right * AFTER_SUCCESS + wrong * AFTER_FAILURE) * zoned(chance)
    return np.where(IS_AT_ONCE, _turned(chance, right + wrong), state + gained)


def explained(state: Values, minutes: float) -> Values:
    """The state [w] after so many minutes of explanation."""
    turned = _turned(probabilities(state), minutes)
    return np.where(IS_AT_ONCE, turned, state + RATE * minutes * AFTER_MINUTE)


def zoned(chance: Values) -> Values:
    """How much more practice teaches [..., w] where success is so likely."""
    zone = PEAK * np.exp(-(((chance - BEST_AT) / WIDTH) ** 2))
    return np.where(KIND == ZONE, zone, 1.0)


def log_odds(chance: Values) -> Values:
    """Probabilities → log-odds, no surer than SUREST."""
    return logit(np.clip(chance, _LEAST, 1 - _LEAST))


def _turned(chance: Values, questions: float) -> Values:
    """Log-odds that it is known after so many questions, each of which may make it so."""
    return log_odds(1 - (1 - chance) * (1 - TRANSIT * RATE) ** questions)
