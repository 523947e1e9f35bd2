"""Ranked ids, relevant ids → numbers. Imports nothing of ours.

Ranking measures come from ir-measures (trec_eval); mean F2 is the 2023 Kaggle competition's; the
calibration error is that of Naeini, Cooper & Hauskrecht, Obtaining Well Calibrated Probabilities
Using Bayesian Binning (AAAI 2015), with bins of equal mass.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R, nDCG
from ir_measures.measures import Measure

Values = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

_DRAWN_AT_ONCE = 1_000_000
RANKING = {
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "recall@50": R @ 50,
    "mrr": RR,
    "ndcg@10": nDCG @ 10,
}
# What each figure is called where there is room for it.
TITLES = {
    "mean_f2": "Mean F2",
    **{name: name.capitalize() for name in RANKING},
    "mrr": "MRR",
    "ndcg@10": "nDCG@10",
    "ece": "Calibration error",
}


def ranking(
    ranked: Mapping[str, Sequence[str]],
    relevant: Mapping[str, Collection[str]],
    measures: Mapping[str, Measure] = RANKING,
) -> dict[str, Values]:
    """Each ranking measure for each query [q], in the order of `relevant`.

    A query without a ranked list counts 0.
    """
    qrels = {query: dict.fromkeys(ids, 1) for query, ids in relevant.items()}
    run = {
        query: {name: 1 / rank for rank, name in enumerate(ranked.get(query, ()), start=1)}
        for query in relevant
    }
    row = {query: number for number, query in enumerate(relevant)}
    values = {name: np.zeros(len(relevant)) for name in measures}
    names = {str(measure): name for name, measure in measures.items()}
    for found in ir_measures.iter_calc(list(measures.values()), qrels, run):
        values[names[str(found.measure)]][row[found.query_id]] = found.value
    return values


def f2(selected: Collection[str], relevant: Collection[str]) -> float:
    """F2 of one set; nothing selected where nothing is relevant is right and counts 1."""
    if not selected and not relevant:
        return 1.0
    hits = len(set(selected) & set(relevant))
    return 5 * hits / (4 * len(relevant) + len(selected))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Suggestions of like confidence: how sure they were on average, and the share that was right.

    Both are between 0 and 1.
    """

    pairs: int
    confidence: float
    right: float


def calibration(confidences: Values, correct: Truths, bins: int = 15) -> list[Bin]:
    """At most `bins` groups of equal mass of `confidences` [n], the least sure first.

    What shares a confidence counts with its mean, so that its order does not matter.
    """
    if not len(confidences):
        return []
    _, group = np.unique(confidences, return_inverse=True)
    share = (np.bincount(group, correct) / np.bincount(group))[group]
    parts = np.array_split(np.argsort(confidences), min(bins, len(confidences)))
    return [
        Bin(
            pairs=len(part),
            confidence=float(confidences[part].mean()),
            right=float(share[part].mean()),
        )
        for part in parts
    ]


def calibration_error(confidences: Values, correct: Truths, bins: int = 15) -> float:
    """Expected calibration error of `confidences` [n] over `bins` of equal mass; 0 if empty."""
    found = calibration(confidences, correct, bins)
    gaps = sum(each.pairs * abs(each.confidence - each.right) for each in found)
    return gaps / max(1, len(confidences))


def interval(
    statistic: Callable[[npt.NDArray[np.int64]], float],
    queries: int,
    *,
    samples: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a statistic of resampled query rows [queries].

    Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    return percentiles([statistic(rows) for rows in resampled(queries, samples, seed)])


def resampled(queries: int, samples: int = 1000, seed: int = 0) -> Iterator[npt.NDArray[np.int64]]:
    """So many bootstrap samples of query rows [queries], drawn one after another."""
    generator = np.random.default_rng(seed)
    return (generator.integers(0, queries, size=queries) for _ in range(samples))


def percentiles(drawn: Values | Sequence[float]) -> tuple[float, float]:
    """The bounds that 95 % of what was drawn lies between."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def mean_interval(values: Values, *, samples: int = 1000, seed: int = 0) -> tuple[float, float]:
    """The `interval` of the mean of `values` [queries], many samples at a time."""
    generator = np.random.default_rng(seed)
    at_once = max(1, _DRAWN_AT_ONCE // len(values))
    means = [
        values[generator.integers(0, len(values), size=(count, len(values)))].mean(axis=1)
        for count in np.diff([*range(0, samples, at_once), samples])
    ]
    return percentiles(np.concatenate(means))
