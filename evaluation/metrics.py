"""Ranked ids, relevant ids → numbers. Imports nothing of ours.

Ranking measures come from ir-measures (trec_eval); mean F2 is the 2023 Kaggle competition's; the
calibration error is that of Naeini, Cooper & Hauskrecht, Obtaining Well Calibrated Probabilities
Using Bayesian Binning (AAAI 2015), with bins of equal mass.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R, nDCG

Values = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

RANKING = {
    "recall@1": R @ 1,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "recall@50": R @ 50,
    "mrr": RR,
    "ndcg@10": nDCG @ 10,
}


def ranking(
    ranked: Mapping[str, Sequence[str]], relevant: Mapping[str, Collection[str]]
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
    values = {name: np.zeros(len(relevant)) for name in RANKING}
    names = {str(measure): name for name, measure in RANKING.items()}
    for found in ir_measures.iter_calc(list(RANKING.values()), qrels, run):
        values[names[str(found.measure)]][row[found.query_id]] = found.value
    return values


def f2(selected: Collection[str], relevant: Collection[str]) -> float:
    """F2 of one set; nothing selected where nothing is relevant is right and counts 1."""
    if not selected and not relevant:
        return 1.0
    hits = len(set(selected) & set(relevant))
    return 5 * hits / (4 * len(relevant) + len(selected))


def calibration_error(confidences: Values, correct: Truths, bins: int = 15) -> float:
    """Expected calibration error of `confidences` [n] over `bins` of equal mass; 0 if empty.

    What shares a confidence counts with its mean, so that its order does not matter.
    """
    if not len(confidences):
        return 0.0
    _, group = np.unique(confidences, return_inverse=True)
    share = (np.bincount(group, correct) / np.bincount(group))[group]
    order = np.argsort(confidences)
    gaps = [
        abs(float((confidences[part] - share[part]).sum())) for part in np.array_split(order, bins)
    ]
    return sum(gaps) / len(confidences)


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
    generator = np.random.default_rng(seed)
    drawn = [statistic(generator.integers(0, queries, size=queries)) for _ in range(samples)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)
