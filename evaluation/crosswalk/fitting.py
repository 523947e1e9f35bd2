"""Cases → what a crosswalk's lines are worth, and how they weigh beside the aligner."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from data.errors import GatewaysError
from data.records import Match
from evaluation.crosswalk.cases import Case
from models.alignment.transfer import Joint, Values, Way, Worth, likely, lowered, odds

MOST_LOST: Final = 2.0
"""More is never taken from what no line leads to: lines are seldom as complete as the sample's, and
a resource that teaches several things would lose the others with the first that is accepted."""

BOUND: Final = 30.0
KINDS: Final = (Match.EXACT, Match.BROADER, Match.NARROWER, Match.RELATED)


def fit_worth(cases: Sequence[Case]) -> Worth:
    """Fit to what one line alone leads to; a kind without a case is as likely as not.

    Raises GatewaysError where nothing is carried, or all of it is right, or nothing.
    """
    lone = [
        (ways[0], right)
        for case in cases
        if case.is_new
        for ways, right in zip(case.ways, case.right, strict=True)
        if len(ways) == 1
    ]
    features = np.array([_features(way) for way, _ in lone]).reshape(len(lone), -1)
    weights = _logistic(features, [right for _, right in lone], intercept=False)
    exact, broader, narrower, related, shared = weights
    return Worth(exact=exact, broader=broader, narrower=narrower, related=related, shared=-shared)


def fit_joint(cases: Sequence[Case], worth: Worth) -> Joint:
    """Fit to where the crosswalk leads, and to what else there is. Raises what `fit_worth` does."""
    there = [(case, led) for case in cases if (led := carried_of(case, worth)).any()]
    judged = np.concatenate([case.judged for case, _ in there])
    carried = np.concatenate([led for _, led in there])
    right = np.concatenate([case.right for case, _ in there])
    is_led = carried > 0
    features = np.stack([odds(judged[is_led]), odds(carried[is_led])], axis=1)
    own, other, bias = _logistic(features, right[is_led].tolist(), intercept=True)
    elsewhere = _lost(judged[~is_led], float(right[~is_led].sum()))
    return Joint(judged=own, carried=other, bias=bias, elsewhere=elsewhere)


def carried_of(case: Case, worth: Worth) -> Values:
    """The crosswalk's confidences [n], 0 for what it does not lead to."""
    return np.array([likely(ways, worth) for ways in case.ways])


def _lost(confidences: Values, right: float) -> float:
    """What confidences [n] must lose in log-odds so that as many are expected as are `right`.

    Half a case is added, so that none is not never; MOST_LOST at most.
    """

    def missing(lost: float) -> float:
        return float(lowered(confidences, lost).sum()) - right - 0.5

    return min(float(brentq(missing, -BOUND, BOUND)), MOST_LOST)


def _features(way: Way) -> list[float]:
    alone = [float(way.match is kind) for kind in KINDS]
    return [*alone, float(np.log2(way.lines))]


def _logistic(features: Values, truths: Sequence[float], *, intercept: bool) -> list[float]:
    """Weights of a logistic regression, and its intercept if there is one."""
    if len(set(truths)) < 2:
        raise GatewaysError(
            "too little is carried across the crosswalk to be learned from: resources must be "
            "aligned to both frameworks, and lines must lead right for some and wrong for others"
        )
    model = LogisticRegression(fit_intercept=intercept, max_iter=500).fit(features, truths)
    weights = [float(weight) for weight in model.coef_[0]]
    return [*weights, float(model.intercept_[0])] if intercept else weights
