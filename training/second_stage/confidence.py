"""Fits the confidence: lists of scores with known answers → weights of the logistic models.

The lists are those of frameworks of many sizes, and now and then of one in which nothing fits, so
that the confidence holds beyond the framework it was fitted on.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from models.ranking.confidence import (
    LIKELY,
    RIVALS,
    Confidence,
    Values,
    list_features,
)
from training.second_stage.lists import Asked, Truths
from training.second_stage.parts import FOREIGN


def fit_confidence(
    lists: Sequence[Asked],
    scores: Sequence[npt.NDArray[np.floating]],
    *,
    words_weight: float,
    encoder: str,
    fitted_on: str,
) -> Confidence:
    """Fit to the scores [n] of each list; what gave them may not have learned from the list."""
    features, right = [], []
    for found, values in zip(lists, scores, strict=True):
        if found.fits:
            order = np.argsort(-values, kind="stable")[:RIVALS]
            features.append(list_features(values[order], found.asked))
            right.append(found.right[order])
    likely = _logistic(np.concatenate(features), np.concatenate(right))
    margins = np.array([[found.asked.margin] for found in lists])
    fits_bias, fits_margin = _logistic(margins, [found.fits for found in lists])
    return Confidence(
        **dict(zip(LIKELY, likely, strict=True)),
        fits_bias=fits_bias,
        fits_margin=fits_margin,
        words_weight=words_weight,
        encoder=encoder,
        fitted_on=fitted_on,
    )


def _logistic(features: Values, truths: Sequence[bool] | Truths) -> list[float]:
    """Bias and weights of a logistic regression on features [n, d]."""
    if all(truths):  # nothing that fits nothing to be had, so that only its usual share is known
        return [float(logit(1 - FOREIGN)), *np.zeros(features.shape[1])]
    spread = features.std(axis=0)
    spread[spread < 1e-9] = 1  # where all are the same, as the sizes of one small framework's lists
    model = LogisticRegression(C=10, max_iter=500).fit(features / spread, truths)
    return [float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0] / spread)]
