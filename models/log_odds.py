"""Probabilities ↔ log-odds."""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def expit(odds: npt.ArrayLike) -> Values:
    """The probability of log-odds, exact to the last digits at both ends; of any shape."""
    found: Values = np.exp(-np.logaddexp(0, -np.asarray(odds, dtype=np.float64)))
    return found


def probabilities(odds: Values) -> Values:
    """Log-odds → probabilities that are never quite 0 or 1, since learners are never that sure."""
    found: Values = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return found


def logit(probabilities: npt.ArrayLike) -> Values:
    """The log-odds of probabilities strictly between 0 and 1; of any shape."""
    given = np.asarray(probabilities, dtype=np.float64)
    found: Values = np.log(given) - np.log1p(-given)
    return found
