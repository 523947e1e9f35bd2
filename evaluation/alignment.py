"""The alignment protocol: what is a query, what a candidate, what the gold.

Queries are the resources with a row in the split (all, where nothing is split), candidates all
assignable outcomes. `predict` never sees the gold.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from data.errors import GatewaysError
from data.formats.protocol import Document, R, Row
from data.records import Alignment, Outcome, Relation, Resource, Split
from data.tree import refused_outcomes
from evaluation.metrics import Values, calibration_error, f2, interval, ranking
from models.aligner import Aligner
from models.encoder import Progress
from models.text import query_of

Node = TypeVar("Node", Outcome, Resource)

log = logging.getLogger(__name__)

DEPTH = 100
# Expected calibration error looks at what a curator could be shown.
SHOWABLE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked: `queries` to align to the assignable ones of `outcomes`."""

    queries: Sequence[Resource]
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One ranked outcome of one resource."""

    resource: str
    outcome: str
    rank: int
    score: float
    confidence: float
    selected: bool


def read_task(document: Document, split: Split) -> Task:
    """Queries and candidates of a dataset.

    Raises GatewaysError when there is nothing to align or nothing to align it to.
    """
    outcomes = _standing(_once(_records(document, Outcome)))
    if not any(outcome.assignable for outcome in outcomes):
        raise GatewaysError(f"{document.dataset.name}: has no assignable outcome to align to")
    asked = _resources_in(document, split) if Alignment in document.kinds else None
    resources = _once(_records(document, Resource))
    queries = [found for found in resources if asked is None or found.id in asked]
    if not queries:
        raise GatewaysError(
            f"{document.dataset.name}: no resource has an alignment in split «{split}»; "
            "choose another with --split"
        )
    return Task(queries=queries, outcomes=outcomes)


def read_gold(document: Document, split: Split) -> dict[str, frozenset[str]]:
    """Relevant outcomes of each resource in the split: what it teaches or assesses.

    Raises GatewaysError when the split has none.
    """
    gold: dict[str, set[str]] = defaultdict(set)
    rows = document.read(Alignment)  # refusals among them were told of when the task was read
    for alignment in (row.record for row in rows if isinstance(row, Row)):
        if alignment.split == split and alignment.relation != Relation.REQUIRES:
            gold[alignment.resource].add(alignment.outcome)
    if not gold:
        raise GatewaysError(
            f"{document.dataset.name}: split «{split}» has no alignment to measure against"
        )
    return {resource: frozenset(outcomes) for resource, outcomes in gold.items()}


def predict(
    aligner: Aligner, task: Task, progress: Progress | None = None
) -> Iterator[list[Prediction]]:
    """Rank DEPTH outcomes for each query of the task, one list a query."""
    queries = [query_of(resource) for resource in task.queries]
    vectors = aligner.encode(queries, progress)
    unanswered: Counter[str] = Counter()
    for resource, query, vector in zip(task.queries, queries, vectors, strict=True):
        answer = aligner.rank(query, vector, k=DEPTH, explain=False)
        if answer.abstained is not None and not answer.suggestions:
            unanswered[answer.abstained.cause] += 1
        yield [
            Prediction(
                resource=resource.id,
                outcome=suggestion.outcome,
                rank=suggestion.rank,
                score=suggestion.score,
                confidence=suggestion.confidence,
                selected=suggestion.selected,
            )
            for suggestion in answer.suggestions
        ]
    for cause, count in unanswered.items():
        log.warning("%s of %s resources get no suggestion: %s", count, len(queries), cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured number with its 95 % bootstrap interval over queries."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Figures over queries, and each measure's mean over outcomes."""

    figures: Mapping[str, Figure]
    over_outcomes: Mapping[str, float]


def score(predictions: Iterable[Prediction], gold: Mapping[str, frozenset[str]]) -> Scores:
    """Mean F2 of the selected, ranking measures and calibration error over the gold's queries."""
    by_query: dict[str, list[Prediction]] = {query: [] for query in gold}
    for prediction in predictions:
        if prediction.resource in by_query:
            by_query[prediction.resource].append(prediction)
    values = {"mean_f2": np.array([_f2(by_query[query], gold[query]) for query in gold])}
    values |= ranking({q: [p.outcome for p in by_query[q]] for q in gold}, gold)
    figures = {name: _mean(per_query) for name, per_query in values.items()}
    figures["ece"] = _calibration([by_query[query] for query in gold], gold)
    over_outcomes = {name: mean_over_outcomes(found, gold) for name, found in values.items()}
    return Scores(figures=figures, over_outcomes=over_outcomes)


def mean_over_outcomes(values: Values, gold: Mapping[str, frozenset[str]]) -> float:
    """Mean over outcomes of the mean over an outcome's queries: no outcome weighs by its size."""
    by_outcome: dict[str, list[float]] = defaultdict(list)
    for value, relevant in zip(values, gold.values(), strict=True):
        for outcome in relevant:
            by_outcome[outcome].append(float(value))
    return float(np.mean([np.mean(found) for found in by_outcome.values()]))


def _f2(predictions: Iterable[Prediction], relevant: frozenset[str]) -> float:
    return f2([found.outcome for found in predictions if found.selected], relevant)


def _mean(values: Values) -> Figure:
    low, high = interval(lambda rows: float(values[rows].mean()), len(values))
    return Figure(value=float(values.mean()), low=low, high=high)


def _calibration(
    lists: Sequence[Sequence[Prediction]], gold: Mapping[str, frozenset[str]]
) -> Figure:
    shown = [
        np.array(
            [
                (found.confidence, found.outcome in gold[found.resource])
                for found in predictions
                if found.confidence >= SHOWABLE
            ]
        ).reshape(-1, 2)
        for predictions in lists
    ]

    def error(rows: Iterable[int]) -> float:
        pairs = np.concatenate([shown[row] for row in rows])
        return calibration_error(pairs[:, 0], pairs[:, 1] > 0)

    low, high = interval(error, len(shown), samples=200)
    return Figure(value=error(range(len(shown))), low=low, high=high)


def _resources_in(document: Document, split: Split) -> frozenset[str]:
    return frozenset(row.resource for row in _records(document, Alignment) if row.split == split)


def _standing(outcomes: list[Outcome]) -> list[Outcome]:
    """Those that an import would not refuse for what stands above them."""
    reasons = refused_outcomes([(found.id, found.parent) for found in outcomes], known=())
    for id_, reason in reasons.items():
        log.warning("left out: outcome %s: %s", id_, reason)
    return [found for found in outcomes if found.id not in reasons]


def _once(records: Iterable[Node]) -> list[Node]:
    """Records in their order; of those that share an id the first, as an import has it."""
    first: dict[str, Node] = {}
    for record in records:
        first.setdefault(record.id, record)
    return list(first.values())


def _records(document: Document, kind: type[R]) -> Iterator[R]:
    for row in document.read(kind):
        if isinstance(row, Row):
            yield row.record
        else:
            log.warning("left out: %s", row)
