"""Gradient-boosted trees, as scikit-learn fits them, evaluated over plain arrays.

All trees at once and without a walk: a row's numbers keep the leaves of each tree as bits, every
condition that does not hold takes those on its left away, and the first that is left is where the
walk would have ended (Lucchese et al., QuickScorer: A Fast Algorithm to Rank Documents with
Additive Ensembles of Regression Trees, SIGIR 2015).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.ranking.skops_file import Stored

FITTED: Final = (
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier"
)
MOST_LEAVES: Final = 64

Bits = npt.NDArray[np.unsignedinteger[Any]]
Nodes = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What one feature decides: its thresholds, and the leaves [m + 1, trees] that are left.

    Row i is for values above i of the `thresholds` [m], the last of which is infinite; the row
    after them for what is missing.
    """

    feature: int
    thresholds: npt.NDArray[np.float64]
    left: Bits


class BoostedTrees:
    """Log-odds of rows of features. Read-only, so safe to share between threads."""

    def __init__(self, trees: Sequence[Nodes], baseline: float) -> None:
        """Take over trees' nodes as scikit-learn's TreePredictor keeps them.

        Raises ValueError for trees that are larger than any of ours, or split by categories.
        """
        leaves = max((int(nodes["is_leaf"].sum()) for nodes in trees), default=1)
        if leaves > MOST_LEAVES:
            raise ValueError(f"a tree has {leaves} leaves; {MOST_LEAVES} are the most")
        bits = np.dtype(next(f"u{size}" for size in (1, 2, 4, 8) if leaves <= 8 * size))
        self._baseline = baseline
        self._values = np.zeros((len(trees), leaves))
        self._first = np.arange(len(trees)) * leaves
        conditions: dict[int, list[_Condition]] = {}
        for number, nodes in enumerate(trees):
            _take_apart(number, nodes, self._values[number], conditions)
        self._conditions = [
            _conditions(feature, found, len(trees), bits)
            for feature, found in sorted(conditions.items())
        ]
        self._all = np.full(len(trees), np.iinfo(bits).max, bits)

    def log_odds(self, features: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Log-odds float64 [n] of rows of features [n, d], of which NaN is a missing one."""
        left = np.repeat(self._all[None], len(features), axis=0)
        for each in self._conditions:
            # NaN is sorted after infinity, and so comes to the row for what is missing.
            left &= each.left[each.thresholds.searchsorted(features[:, each.feature])]
        before_first = (left & -left) - left.dtype.type(1)
        leaves = np.bitwise_count(before_first) + self._first
        odds: npt.NDArray[np.float64] = self._values.take(leaves).sum(axis=1) + self._baseline
        return odds


@dataclass(frozen=True, slots=True)
class _Condition:
    """In a tree: that a value is at most `threshold`; the leaves on its left are bits of `lost`."""

    tree: int
    threshold: float
    missing_holds: bool
    lost: int


def _take_apart(
    number: int,
    nodes: Nodes,
    values: npt.NDArray[np.float64],
    conditions: dict[int, list[_Condition]],
) -> None:
    """Write a tree's leaves from the left into `values`, and add each of its conditions."""
    if nodes["is_categorical"].any() or np.isnan(nodes["num_threshold"]).any():
        raise ValueError("a tree splits by categories, or by what is no number")
    leaves = 0

    def below(place: int) -> int:
        """Number the leaves below a node, and return how many there are before what follows it."""
        nonlocal leaves
        node = nodes[place]
        if node["is_leaf"]:
            values[leaves] = node["value"]
            leaves += 1
            return leaves
        first = leaves
        middle = below(int(node["left"]))
        condition = _Condition(
            number,
            float(node["num_threshold"]),
            bool(node["missing_go_to_left"]),
            (1 << middle) - (1 << first),
        )
        conditions.setdefault(int(node["feature_idx"]), []).append(condition)
        return below(int(node["right"]))

    below(0)


def _conditions(
    feature: int, found: Sequence[_Condition], trees: int, bits: np.dtype[Any]
) -> _Conditions:
    thresholds = np.unique([*(each.threshold for each in found), np.inf])
    left = np.full((len(thresholds) + 1, trees), np.iinfo(bits).max, bits)
    for each in found:
        kept = ~bits.type(each.lost)
        left[thresholds.searchsorted(each.threshold) + 1 : -1, each.tree] &= kept
        if not each.missing_holds:
            left[-1, each.tree] &= kept
    return _Conditions(feature, thresholds, left)


def read_trees(stored: Stored) -> BoostedTrees:
    """A fitted HistGradientBoostingClassifier of two classes. Raises ValueError for others."""
    if stored.kind != FITTED:
        raise ValueError(f"{stored.kind} are no boosted trees")
    trees = [each["nodes"].array for (each,) in stored["_predictors"]]
    return BoostedTrees(trees, float(stored["_baseline_prediction"].array.item()))
