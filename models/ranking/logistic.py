"""A logistic model, with medians for what is missing: scikit-learn's, over plain arrays."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.ranking.skops_file import Stored

FITTED: Final = (
    "sklearn.impute._base.SimpleImputer",
    "sklearn.preprocessing._data.StandardScaler",
    "sklearn.linear_model._logistic.LogisticRegression",
)

Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """Log-odds of rows of features. Read-only, so safe to share between threads.

    `usual` [d] stands in for what is missing, `told` are the features of which it counts whether
    they were; all of them, d and then those, are centred and scaled, and weighed.
    """

    usual: Values
    told: npt.NDArray[np.int64]
    centre: Values
    scale: Values
    weights: Values
    bias: Values

    def log_odds(self, features: Values) -> Values:
        """Log-odds [n] of rows of features [n, d], of which NaN is a missing one.

        Computed with the precision of the features. Raises ValueError where one is infinite.
        """
        if np.isinf(features).any():
            raise ValueError("a feature is infinite")
        missing = np.isnan(features)
        known = np.where(missing, self.usual.astype(features.dtype), features)
        seen = np.hstack([known, missing[:, self.told]])
        seen -= self.centre.astype(seen.dtype)
        seen /= self.scale.astype(seen.dtype)
        odds: Values = seen @ self.weights + self.bias
        return odds


def read_logistic(stored: Stored) -> Logistic:
    """A fitted pipeline of imputer, scaler and logistic model. Raises ValueError for any other."""
    steps = [step[1] for step in stored["steps"]] if stored.kind == _PIPELINE else [stored]
    found = tuple(step.kind for step in steps)
    if found != FITTED:
        raise ValueError(f"{' and '.join(found)} are no logistic model behind imputer and scaler")
    imputer, scaler, model = steps
    return Logistic(
        usual=imputer["statistics_"].array,
        told=imputer["indicator_"]["features_"].array,
        centre=scaler["mean_"].array,
        scale=scaler["scale_"].array,
        weights=model["coef_"].array[0],
        bias=model["intercept_"].array,
    )


_PIPELINE: Final = "sklearn.pipeline.Pipeline"
