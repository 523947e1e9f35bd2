"""What another policy would have been worth, from the log of one that draws at random.

The unit is the first place of an answer. There each candidate is drawn with a probability that the
log has (`models/learner/picking.py`) and that rests on nothing but the candidates, so its weight is
exact. What is estimated is the mean reward of what stands first, per answer, if another policy
chose it, while what stands below and every other answer come about as they did. Later places are no
units: their propensities hold given what stands before them, so a list would weigh as the product
of its places; and their order rests on the outcome and kind of each candidate, which the log lacks.

With w = target / propensity of what stood there, and its reward r, over n answers:

- IPS, Σ w r / n: unbiased, and wide (Horvitz & Thompson, JASA 1952).
- SNIPS, Σ w r / Σ w: consistent, and mostly narrower (Swaminathan & Joachims, The Self-Normalized
  Estimator for Counterfactual Learning, NIPS 2015).
- Effective answers, (Σ w)² / Σ w²: as many of the policy's own would tell as much (Kish, 1965).

Weights above √n count as √n, whose bias vanishes as the log grows (Ionides, Truncated Importance
Sampling, JCGS 2008). Until then the mean weight stays below its due of 1 where a policy shows what
was drawn too seldom, and SNIPS is then a mean over other answers than the policy's, however narrow
(so tested by Lefortier et al., Large-scale Validation of Counterfactual Learning Methods, 2016).
Answers of one learner hang together, so intervals resample learners.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from data.errors import GatewaysError
from evaluation.measures.bounded import DIGITS, Bounded, bounded
from evaluation.measures.metrics import Values, percentiles, resampled

ENOUGH_ANSWERS, ENOUGH_LEARNERS = 30, 10
"""Of fewer a bootstrap interval says nothing."""

TELLING_ANSWERS, TELLING_WEIGHT = 30, 0.95
"""With fewer effective answers, or a mean weight that is surely lower, the log cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPlace:
    """What stood first in one answer, and what came of it.

    `candidates` are ids, the best by worth first; `shown` is the row of what stood there,
    `propensity` the probability with which it was drawn; `reward` is between 0 and 1, `time` in
    Unix seconds.
    """

    answer: str
    learner: str
    time: float
    policy: str
    candidates: tuple[str, ...]
    shown: int
    propensity: float
    reward: float


Policy: TypeAlias = Callable[[FirstPlace], Values]
"""The probability of each candidate [c] to stand first; it must not look at what was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a policy is worth as reward per answer, and how much that rests on.

    `ahead` is SNIPS above the mean reward as logged, paired; `clipped` is the share of answers
    whose weight was cut, and `tells` whether the log has enough of what the policy would show.
    """

    ips: Bounded
    snips: Bounded
    ahead: Bounded
    effective_answers: float
    mean_weight: Bounded
    clipped: float
    tells: bool


def check(places: Sequence[FirstPlace]) -> None:
    """Raise GatewaysError where no other policy can be estimated from these."""
    for one in places:
        alone = len(one.candidates) == 1
        if not (0 < one.propensity < 1 or (alone and one.propensity == 1)):
            raise GatewaysError(
                f"recommendation {one.answer!r} of the policy {one.policy!r}: what stood first of "
                f"{len(one.candidates)} has the propensity {one.propensity:g} in the log, so other "
                "policies cannot be told from it; name one that draws at random with --policy"
            )
    learners = len({one.learner for one in places})
    if len(places) < ENOUGH_ANSWERS or learners < ENOUGH_LEARNERS:
        raise GatewaysError(
            f"the log has {len(places)} answers of {learners} learners whose days are over, and "
            f"{ENOUGH_ANSWERS} of {ENOUGH_LEARNERS} learners are needed; shorten --days, or wait"
        )


def probabilities(policy: Policy, places: Sequence[FirstPlace]) -> Values:
    """How likely the policy would have shown first what stood there [t]."""
    return np.array([policy(one)[one.shown] for one in places], dtype=float)


def estimate(places: Sequence[FirstPlace], target: Values) -> Estimate:
    """The worth of a policy that shows first what stood there with the probabilities `target` [t].

    With the propensities as target it is that of the policy that was logged. Raises what `check`
    does.
    """
    check(places)
    raw = target / np.array([one.propensity for one in places])
    most = np.sqrt(len(places))
    weight = np.minimum(raw, most)
    reward = np.array([one.reward for one in places])
    _, learner = np.unique([one.learner for one in places], return_inverse=True)
    columns = (np.ones(len(places)), reward, weight, weight * reward)
    sums: Values = np.stack([np.bincount(learner, each) for each in columns])
    squares = float((weight**2).sum())
    effective = float(weight.sum()) ** 2 / squares if squares else 0.0
    answers, rewards, weights, weighted = _whole_and_samples(sums)
    with np.errstate(invalid="ignore"):  # a sample without any weight tells nothing: nan
        snips = weighted / weights
    mean_weight = _bounded(weights / answers)
    return Estimate(
        ips=_bounded(weighted / answers),
        snips=_bounded(snips),
        ahead=_bounded(snips - rewards / answers),
        effective_answers=round(effective, 1),
        mean_weight=mean_weight,
        clipped=round(float((raw > most).mean()), DIGITS),
        tells=effective >= TELLING_ANSWERS and (mean_weight.high or 0.0) >= TELLING_WEIGHT,
    )


def _whole_and_samples(sums: Values) -> Values:
    """Sums [4, learners] over all learners, then over each bootstrap sample: [4, 1 + samples]."""
    drawn = (sums[:, rows].sum(axis=1) for rows in resampled(sums.shape[1]))
    return np.stack([sums.sum(axis=1), *drawn], axis=1)


def _bounded(found: Values) -> Bounded:
    """A figure [1 + samples] of all and of each sample, with its percentile interval."""
    return bounded(found[0], *percentiles(found[1:]))
