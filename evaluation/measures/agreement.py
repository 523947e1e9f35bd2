"""How far two people agree who judged the same things."""

import warnings
from collections.abc import Sequence

from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import cohen_kappa_score


def kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """Cohen's kappa: 1 they always agree, 0 no more often than chance would have it.

    None where chance alone would have them agree on everything, or nothing was judged. Cohen, A
    Coefficient of Agreement for Nominal Scales (1960).
    """
    if len({*first, *second}) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        return float(cohen_kappa_score(first, second))
