"""What a learner did → how likely they succeed now, and what practice would bring: without data.

Every outcome that was tried has its bank of ways (`knowing`). Which kind of way a learner learns in
is told by all their outcomes together, and so is how fast they learn and how much they knew before
(`beginning`); a few rounds of expectation maximisation, empirical Bayes for one learner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.learner.curriculum import Curriculum
from models.learner.observer.beginning import FURTHEST, Beginnings
from models.learner.observer.knowing import AGAIN, DAY, Knowing, faded, lacking
from models.learner.observer.ways import (
    AFTER_FAILURE,
    AFTER_MINUTE,
    AFTER_SUCCESS,
    IS_AT_ONCE,
    KIND,
    KINDS,
    PRIOR,
    RATE,
    RATE_PLACE,
    RATE_PRIOR,
    TRANSIT,
    WAS_KNOWN,
    Values,
    success,
    zoned,
)
from models.log_odds import probabilities

ROUNDS: Final = 3
OPEN_MINDED: Final = 0.02
"""The share of belief that no kind of way ever loses."""

RATE_WORTH, TELLING = 4.0, 10.0
"""How many outcomes the usual rates are worth, and how many answers tell the rate of one."""

CAN, LASTS = 0.75, 7.0
"""Where it is gradual, an outcome can be done when success is so likely after so many days."""

QUICKEST: Final = 0.2
"""The most outcomes that a minute brings: whatever is done takes some."""

_SIDES: Final = np.eye(2 * KINDS)[2 * KIND + WAS_KNOWN]  # [w, kinds × not known or known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """For each outcome [n] the probability of success now, and as it was when last practised.

    `practice` and `explanation` are what part of an outcome a minute of each is expected to bring.
    """

    success: Values
    remembered: Values
    practice: Values
    explanation: Values


def observe(
    known: Mapping[str, Knowing],
    curriculum: Curriculum,
    now: float | None,
    level: float | None,
) -> Observed:
    """What is to be believed at `now` (Unix seconds) of a learner of that level (a rank).

    With None for `now` time does nothing.
    """
    rows = [curriculum.row[name] for name in known if name in curriculum.row]
    bank = [one for name, one in known.items() if name in curriculum.row]
    beginnings = Beginnings(curriculum, level)
    prior, kinds = PRIOR, np.full(KINDS, 1 / KINDS)
    if not rows:
        before = beginnings.told(np.zeros(len(curriculum))).by_all
        return _untried(before, prior * kinds[KIND])
    fits = np.array([one.fit for one in bank])
    likelihood = np.exp(fits - fits.max(axis=1, keepdims=True))
    telling = np.minimum(1.0, np.array([one.answers for one in bank]) / TELLING)
    tried = [row for row, one in zip(rows, bank, strict=True) if one.answers]
    before = beginnings.ready[rows]
    for _ in range(ROUNDS):
        sides = ((likelihood * prior) @ _SIDES).reshape(-1, KINDS, 2)
        kinds = _kinds(sides, before)
        unknown, was_known = np.log(np.einsum("tks,k->st", sides, kinds) + 1e-300)
        evidence = np.zeros(len(curriculum))
        evidence[rows] = np.clip(was_known - unknown, -FURTHEST, FURTHEST)
        beginning = beginnings.told(evidence)
        before = beginning.by_others[rows]
        weights = likelihood * prior * kinds[KIND]
        weights *= np.where(WAS_KNOWN, before[:, None], 1 - before[:, None])
        weights /= weights.sum(axis=1, keepdims=True)
        prior = _prior(weights, telling)
        beginnings.learn(tried, beginning)
    found = _untried(beginning.by_all, prior * kinds[KIND])
    _tried(found, rows, bank, weights, now)
    return found


def _kinds(sides: Values, before: Values) -> Values:
    """How likely each kind of way [k] is the learner's, told by all outcomes that they tried."""
    each = sides[:, :, 0] * (1 - before)[:, None] + sides[:, :, 1] * before[:, None]
    told = np.log(each + 1e-300).sum(axis=0)
    likely = np.exp(told - told.max())
    found: Values = (1 - OPEN_MINDED) * likely / likely.sum() + OPEN_MINDED / KINDS
    return found


def _prior(weights: Values, telling: Values) -> Values:
    """The prior of each way [w], with the rates that the learner showed."""
    usual = np.array(RATE_PRIOR)
    counts = np.bincount(RATE_PLACE, (telling @ weights) * ~WAS_KNOWN, len(usual))
    rates = (RATE_WORTH * usual + counts) / (RATE_WORTH + counts.sum())
    return np.where(WAS_KNOWN, PRIOR, PRIOR * (rates / usual)[RATE_PLACE])


def _untried(known: Values, prior: Values) -> Observed:
    """Where only others tell how likely an outcome is known [n]."""
    side = np.array([prior * ~WAS_KNOWN, prior * WAS_KNOWN])
    side /= side.sum(axis=1, keepdims=True)
    fresh = Knowing()
    both = np.array([success(fresh.state), *_gains(fresh.state, fresh.days)]) @ side.T
    chance, practice, explanation = (one[0] * (1 - known) + one[1] * known for one in both)
    return Observed(
        success=chance, remembered=chance.copy(), practice=practice, explanation=explanation
    )


def _tried(
    found: Observed,
    rows: list[int],
    bank: list[Knowing],
    weights: Values,
    now: float | None,
) -> None:
    """Put in what is believed of outcomes that were tried, by the weights [t, w] of their ways."""
    latest = np.array([one.state for one in bank])
    days = np.array([one.days for one in bank])
    idle = [0.0 if now is None or one.time is None else now - one.time for one in bank]
    state = faded(latest, days, np.maximum(0.0, idle)[:, None] / DAY)
    practice, explanation = _gains(state, days)
    again = np.array([AGAIN if one.explanations else 1.0 for one in bank])
    found.success[rows] = (weights * success(state)).sum(axis=1)
    found.remembered[rows] = (weights * success(latest)).sum(axis=1)
    found.practice[rows] = (weights * practice).sum(axis=1)
    found.explanation[rows] = again * (weights * explanation).sum(axis=1)


def _gains(state: Values, days: Values) -> tuple[Values, Values]:
    """What part of an outcome a minute of practice, and of explanation, brings [..., w]."""
    chance = probabilities(state)
    missing = lacking(state, days, CAN, LASTS)
    turned = (1 - chance) * TRANSIT * RATE
    grown = (
        RATE * (chance * AFTER_SUCCESS + (1 - chance) * AFTER_FAILURE) * zoned(chance),
        RATE * AFTER_MINUTE,
    )
    practice, explanation = (
        np.where(
            IS_AT_ONCE,
            turned,
            np.where(missing > 0, np.minimum(each / np.maximum(missing, 1e-9), QUICKEST), 0.0),
        )
        for each in grown
    )
    return practice, explanation
