"""A figure with its interval, as it is written: rounded, and None where there is no number."""

from dataclasses import dataclass
from typing import Final

import numpy as np

DIGITS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A figure with its 95 % interval; None where the data cannot tell."""

    value: float | None
    low: float | None
    high: float | None


def bounded(value: float, low: float, high: float) -> Bounded:
    """The figure and its bounds; what is not finite is None."""
    return Bounded(value=_finite(value), low=_finite(low), high=_finite(high))


def rounded(figure: float) -> float:
    """To DIGITS, and no -0.0."""
    return round(float(figure), DIGITS) + 0.0


def _finite(figure: float) -> float | None:
    return rounded(figure) if np.isfinite(figure) else None
