"""Ranked predictions and the gold → figures, over all queries and for each of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ir_measures import R

from evaluation.alignment.protocol import Prediction
from evaluation.measures.metrics import (
    Values,
    calibration_error,
    f2,
    interval,
    mean_interval,
    ranking,
)

# Expected calibration error looks at what a curator could be shown.
SHOWABLE = 0.05
DEEPEST = 50

Gold = Mapping[str, frozenset[str]]
Lists = Mapping[str, Sequence[Prediction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured number with its 95 % bootstrap interval over queries."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Figures over queries, and each measure's mean over outcomes.

    In the gold's order of queries: `values`, each measure [q], and `pairs`, for each query the
    confidence of what could be shown and whether it was right [k, 2].
    """

    figures: Mapping[str, Figure]
    over_outcomes: Mapping[str, float]
    values: Mapping[str, Values]
    pairs: Sequence[Values]


def by_query(predictions: Iterable[Prediction], gold: Gold) -> dict[str, list[Prediction]]:
    """The list of each of the gold's queries, empty where nothing was predicted."""
    lists: dict[str, list[Prediction]] = {query: [] for query in gold}
    for prediction in predictions:
        if prediction.resource in lists:
            lists[prediction.resource].append(prediction)
    return lists


def score(lists: Lists, gold: Gold) -> Scores:
    """Mean F2 of the selected, ranking measures and calibration error over the gold's queries."""
    values = {"mean_f2": np.array([_f2(lists[query], gold[query]) for query in gold])}
    values |= ranking(_ranked(lists), gold)
    pairs = [_pairs(lists[query], gold[query]) for query in gold]
    figures = {name: mean(per_query) for name, per_query in values.items()}
    figures["ece"] = _calibration(pairs)
    return Scores(
        figures=figures,
        over_outcomes={name: mean_over_outcomes(found, gold) for name, found in values.items()},
        values=values,
        pairs=pairs,
    )


def recall_by_k(lists: Lists, gold: Gold) -> list[float]:
    """Mean recall within the first 1, 2, … DEEPEST."""
    measures = {str(k): R @ k for k in range(1, DEEPEST + 1)}
    return [float(found.mean()) for found in ranking(_ranked(lists), gold, measures).values()]


def mean_over_outcomes(values: Values, gold: Gold) -> float:
    """Mean over outcomes of the mean over an outcome's queries: no outcome weighs by its size."""
    by_outcome: dict[str, list[float]] = defaultdict(list)
    for value, relevant in zip(values, gold.values(), strict=True):
        for outcome in relevant:
            by_outcome[outcome].append(float(value))
    return float(np.mean([np.mean(found) for found in by_outcome.values()]))


def mean(values: Values) -> Figure:
    """Mean of `values` [q] with its interval."""
    low, high = mean_interval(values)
    return Figure(value=float(values.mean()), low=low, high=high)


def pooled_error(pairs: Sequence[Values], rows: Iterable[int]) -> float:
    """Calibration error over the `pairs` [k, 2] of the queries in `rows`; one may come twice."""
    pooled = np.concatenate([pairs[row] for row in rows])
    return calibration_error(pooled[:, 0], pooled[:, 1] > 0)


def _calibration(pairs: Sequence[Values]) -> Figure:
    low, high = interval(lambda rows: pooled_error(pairs, rows), len(pairs), samples=200)
    return Figure(value=pooled_error(pairs, range(len(pairs))), low=low, high=high)


def _pairs(predictions: Iterable[Prediction], relevant: frozenset[str]) -> Values:
    shown = [
        (found.confidence, found.outcome in relevant)
        for found in predictions
        if found.confidence >= SHOWABLE
    ]
    return np.array(shown, dtype=np.float64).reshape(-1, 2)


def _f2(predictions: Iterable[Prediction], relevant: frozenset[str]) -> float:
    return f2([found.outcome for found in predictions if found.selected], relevant)


def _ranked(lists: Lists) -> dict[str, list[str]]:
    return {query: [found.outcome for found in predictions] for query, predictions in lists.items()}
