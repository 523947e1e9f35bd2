"""Pairs of outcomes → how likely each is the same outcome in two editions.

A logistic function of the features gives each pair odds; a pair shares its probability with all
others of its two outcomes and with there being no counterpart at all, so that a text which stands
in several places is as doubtful as it ought to be.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from models.edition.candidates import NAMES, Features, Pairs
from models.edition.side import Rows, Side

Odds = npt.NDArray[np.float64]

WEIGHTS: Final = (4.0, 9.0, 6.0, 3.0, 2.0, -1.0)
BIAS: Final = -14.0
"""Of the features in their order, and of none; fitted on simulated editions, as the next two."""

SLOPE, INTERCEPT = 1.0, 0.0
"""Log-odds as they come out → as they are."""

PASSES: Final = 2
"""Where the outcomes above went is known better once all have been compared."""

LEAST, MOST = 1e-4, 1 - 1e-4
_PLACE: Final = NAMES.index("place")


def likelihoods(
    old: Side, new: Side, pairs: Pairs, stated: Collection[tuple[int, int]] = ()
) -> tuple[Odds, Features]:
    """The probability of each pair, and its features at last.

    `stated` pairs of rows are known to be the same.
    """
    known = dict.fromkeys(stated, 1.0)
    features = pairs.features
    found = np.zeros(len(pairs.old))
    for _ in range(PASSES):
        found = calibrated(shared_out(pairs, logits(features)))
        features = _placed(old, new, replace(pairs, features=features), found, known)
    return calibrated(shared_out(pairs, logits(features))), features


def logits(features: Features) -> Odds:
    """Log-odds of each pair, seen alone."""
    return features @ np.array(WEIGHTS) + BIAS


def shared_out(pairs: Pairs, alone: Odds) -> Odds:
    """The probability of each pair among all of its old and all of its new outcome."""
    odds = np.exp(np.clip(alone, -30, 30))
    rows = 1 + np.bincount(pairs.old, odds, minlength=_size(pairs.old))
    columns = 1 + np.bincount(pairs.new, odds, minlength=_size(pairs.new))
    return np.minimum(odds / rows[pairs.old], odds / columns[pairs.new])


def calibrated(shares: Odds) -> Odds:
    """What they turn out to be."""
    likely: Odds = expit(SLOPE * logit(np.clip(shares, LEAST, MOST)) + INTERCEPT)
    return likely


def _placed(
    old: Side, new: Side, pairs: Pairs, likely: Odds, known: dict[tuple[int, int], float]
) -> Features:
    """The features again: what stands right above is the same, where that is likely."""
    same = dict(zip(zip(pairs.old.tolist(), pairs.new.tolist(), strict=True), likely, strict=True))
    same |= known
    above = zip(old.parents[pairs.old].tolist(), new.parents[pairs.new].tolist(), strict=True)
    features = pairs.features.copy()
    parents = np.array([same.get(pair, float(pair == (-1, -1))) for pair in above])
    features[:, _PLACE] = np.maximum(features[:, _PLACE], parents)
    return features


def _size(rows: Rows) -> int:
    return int(rows.max()) + 1 if len(rows) else 0
