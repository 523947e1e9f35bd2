"""Pairs of outcomes → how likely each is the same outcome in two editions.

A logistic function of the features gives each pair odds; a pair shares its probability with all
others of its two outcomes and with there being no counterpart at all, so that a text which stands
in several places is as doubtful as it ought to be.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

import numpy as np
import numpy.typing as npt

from models.edition.candidates import NAMES, Features, Pairs
from models.edition.side import Rows, Side
from models.log_odds import expit, logit

Odds = npt.NDArray[np.float64]

WEIGHTS: Final = (4.0, 9.0, 6.0, 3.0, 2.0, -1.0, 8.0)
BIAS: Final = -14.0
"""Of the features in their order, and of none; chosen, since simulated edits shuffle words only."""

SAME, OTHER, NOTHING = (1.74, 0.82), (0.69, -0.62), (0.73, -3.96)
"""Slope and intercept by which log-odds as they come out become as they are: of pairs that say the
same, of others, and of there being no counterpart; fitted on simulated editions."""

PASSES: Final = 2
"""What stands above and below is known better once all have been compared."""

LEAST, MOST = 1e-4, 1 - 1e-4
_TEXT, _PLACE, _BELOW = (NAMES.index(name) for name in ("text", "place", "below"))


def likelihoods(
    old: Side, new: Side, pairs: Pairs, stated: Collection[tuple[int, int]] = ()
) -> tuple[Odds, Features]:
    """The probability of each pair, and its features at last.

    `stated` pairs of rows are known to be the same.
    """
    features = pairs.features
    for _ in range(PASSES):
        found = honest(pairs, shared_out(pairs, logits(features)))
        features = _placed(old, new, pairs, found, stated)
    return honest(pairs, shared_out(pairs, logits(features))), features


def logits(features: Features) -> Odds:
    """Log-odds of each pair, seen alone."""
    found: Odds = features @ np.array(WEIGHTS) + BIAS
    return found


def shared_out(pairs: Pairs, alone: Odds) -> Odds:
    """The probability of each pair among all of its old and all of its new outcome."""
    odds = np.exp(np.clip(alone, -30, 30))
    rows = 1 + np.bincount(pairs.old, odds, minlength=_size(pairs.old))
    columns = 1 + np.bincount(pairs.new, odds, minlength=_size(pairs.new))
    return np.minimum(odds / rows[pairs.old], odds / columns[pairs.new])


def honest(pairs: Pairs, shares: Odds) -> Odds:
    """What shares turn out to be."""
    same = pairs.features[:, _TEXT] == 1
    return np.where(same, calibrated(shares, SAME), calibrated(shares, OTHER))


def calibrated(shares: Odds, numbers: tuple[float, float]) -> Odds:
    """Probabilities by a slope and an intercept of their log-odds (Platt, 1999)."""
    likely: Odds = expit(numbers[0] * logit(np.clip(shares, LEAST, MOST)) + numbers[1])
    return likely


def _placed(
    old: Side, new: Side, pairs: Pairs, likely: Odds, stated: Collection[tuple[int, int]]
) -> Features:
    """The features, with whether what stands right above and below is the same, as is likely."""
    rows = zip(pairs.old.tolist(), pairs.new.tolist(), strict=True)
    same = dict(zip(rows, likely.tolist(), strict=True)) | dict.fromkeys(stated, 1.0)
    below: dict[tuple[int, int], float] = defaultdict(float)
    for (o, n), share in same.items():
        below[int(old.parents[o]), int(new.parents[n])] += share
    features = pairs.features.copy()
    for place, (o, n) in enumerate(zip(pairs.old.tolist(), pairs.new.tolist(), strict=True)):
        above = int(old.parents[o]), int(new.parents[n])
        is_same = same.get(above, float(above == (-1, -1)))
        features[place, _PLACE] = max(features[place, _PLACE], is_same)
        children = old.children[o] + new.children[n]
        features[place, _BELOW] = 2 * below[o, n] / children if children else 0.0
    return features


def _size(rows: Rows) -> int:
    return int(rows.max()) + 1 if len(rows) else 0
