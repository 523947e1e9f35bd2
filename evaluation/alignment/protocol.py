"""The alignment protocol: what is a query, what a candidate, what the gold.

Queries are the resources with a row in the split (all, where nothing is split), candidates all
assignable outcomes. `predict` never sees the gold.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data.errors import GatewaysError
from data.formats.protocol import Document, Row
from data.records import Alignment, Outcome, Relation, Resource, Split
from evaluation.dataset import reading
from models.alignment.aligner import Aligner
from models.alignment.batch import BatchRanking
from models.text import query_of

log = logging.getLogger(__name__)

DEPTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked: `queries` to align to the assignable ones of `outcomes`.

    `catalogue` are all resources that a curator would have then: the queries, and those that were
    `accepted` for outcomes before. Each query can have the others as neighbours.
    """

    queries: Sequence[Resource]
    outcomes: Sequence[Outcome]
    catalogue: Sequence[Resource] = ()
    accepted: Mapping[str, Sequence[str]] = field(default_factory=dict)


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
    outcomes = reading.outcomes(document)
    if not any(outcome.assignable for outcome in outcomes):
        raise GatewaysError(f"{document.dataset.name}: has no assignable outcome to align to")
    asked = _resources_in(document, split) if Alignment in document.kinds else None
    accepted = _accepted_before(document, split) if Alignment in document.kinds else {}
    resources = reading.resources(document)
    queries = [found for found in resources if asked is None or found.id in asked]
    if not queries:
        raise GatewaysError(
            f"{document.dataset.name}: no resource has an alignment in split «{split}»; "
            "choose another with --split"
        )
    there = {found.id for found in queries} | set(accepted)
    catalogue = [found for found in resources if found.id in there]
    return Task(queries=queries, outcomes=outcomes, catalogue=catalogue, accepted=accepted)


def read_gold(document: Document, split: Split) -> dict[str, frozenset[str]]:
    """Relevant outcomes of each resource in the split: what it teaches or assesses.

    Raises GatewaysError when the split has none.
    """
    gold: dict[str, set[str]] = defaultdict(set)
    for alignment in _alignments(document, split):
        gold[alignment.resource].add(alignment.outcome)
    if not gold:
        raise GatewaysError(
            f"{document.dataset.name}: split «{split}» has no alignment to measure against"
        )
    return {resource: frozenset(outcomes) for resource, outcomes in gold.items()}


def predict(
    aligner: Aligner, task: Task, ranking: BatchRanking | None = None
) -> Iterator[list[Prediction]]:
    """Rank DEPTH outcomes for each query of the task, one list a query; by default right here."""
    queries = [query_of(resource) for resource in task.queries]
    answers = (ranking or BatchRanking()).answers(aligner, queries, DEPTH)
    unanswered: Counter[str] = Counter()
    for resource, answer in zip(task.queries, answers, strict=True):
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


def _accepted_before(document: Document, split: Split) -> dict[str, list[str]]:
    """The train split's outcomes of each resource, which are known when another is asked for."""
    accepted: defaultdict[str, list[str]] = defaultdict(list)
    if split != Split.TRAIN:
        for found in _alignments(document, Split.TRAIN):
            accepted[found.resource].append(found.outcome)
    return dict(accepted)


def _alignments(document: Document, split: Split) -> Iterator[Alignment]:
    """What teaches or assesses; refusals among the rows were told of when the task was read."""
    for row in document.read(Alignment):
        if not isinstance(row, Row) or row.record.split != split:
            continue
        if row.record.relation != Relation.REQUIRES:
            yield row.record


def _resources_in(document: Document, split: Split) -> frozenset[str]:
    rows = reading.records(document, Alignment)
    return frozenset(row.resource for row in rows if row.split == split)
