"""What learners did, summed for each of them: what a report protects before it tells anything."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Text, case, cast, func, select

from data.catalogue.store import Store
from data.catalogue.tables import interactions, resources
from data.records import Event

_DATASET = func.coalesce(resources.c.dataset, interactions.c.dataset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """How much one learner did with resources of one dataset and kind."""

    learner: str
    dataset: str
    kind: str | None
    interactions: int
    completions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """One learner's first and last score for some outcomes that were attempted together.

    Times are in Unix seconds, scores between 0 and 1.
    """

    learner: str
    dataset: str
    outcomes: tuple[str, ...]
    attempts: int
    first_time: float
    first: float
    last_time: float
    last: float


class Use:
    """Reads interactions that are not retired, whether their resource is by now or not."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def done(self) -> Iterator[Did]:
        """Stream how much each learner did, by learner, dataset and kind."""
        is_completed = interactions.c.event == Event.COMPLETED.value
        each = (
            select(
                interactions.c.learner,
                _DATASET.label("dataset"),
                resources.c.kind,
                case((is_completed, 1), else_=0).label("completed"),
            )
            .outerjoin(resources, resources.c.id == interactions.c.resource)
            .where(interactions.c.retired_at.is_(None))
            .subquery()
        )
        key = (each.c.learner, each.c.dataset, each.c.kind)
        summed = (
            select(
                *key,
                func.count().label("interactions"),
                func.sum(each.c.completed).label("completions"),
            )
            .group_by(*key)
            .order_by(*key)
        )
        return (Did(**row) for row in self._store.stream(summed))

    def attempts(self) -> Iterator[Attempts]:
        """Stream each learner's first and last score by the outcomes named, by learner."""
        scored = (
            select(
                interactions.c.learner,
                _DATASET.label("dataset"),
                cast(interactions.c.outcomes, Text).label("outcomes"),
                interactions.c.time,
                interactions.c.score,
                interactions.c.digest,
            )
            .outerjoin(resources, resources.c.id == interactions.c.resource)
            .where(interactions.c.retired_at.is_(None), interactions.c.score.is_not(None))
            .subquery()
        )
        key = (scored.c.learner, scored.c.dataset, scored.c.outcomes)
        first = func.row_number().over(partition_by=key, order_by=(scored.c.time, scored.c.digest))
        last = func.row_number().over(
            partition_by=key, order_by=(scored.c.time.desc(), scored.c.digest.desc())
        )
        placed = select(*scored.c, first.label("nth"), last.label("nth_last")).subquery()
        ends = (
            select(
                *(placed.c[column.name] for column in key),
                func.count().label("attempts"),
                func.min(placed.c.time).label("first_time"),
                func.max(case((placed.c.nth == 1, placed.c.score))).label("first"),
                func.max(placed.c.time).label("last_time"),
                func.max(case((placed.c.nth_last == 1, placed.c.score))).label("last"),
            )
            .group_by(*(placed.c[column.name] for column in key))
            .order_by(*(placed.c[column.name] for column in key))
        )
        for row in self._store.stream(ends):
            yield Attempts(**{**row, "outcomes": tuple(json.loads(row["outcomes"]))})
