"""Correspondences: what outcomes of different frameworks have to do with each other."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import RowMapping, Select, or_, select

from data.catalogue.rows import correspondence_of
from data.catalogue.store import Store
from data.catalogue.tables import correspondences, outcomes
from data.records import Correspondence


class Correspondences:
    """Reads those between outcomes of which neither is retired.

    Where several sources state the same, the curators' word comes out, else the first by name.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def live(self) -> Iterator[Correspondence]:
        """Stream all, by outcome, other and match."""
        return _once(self._store.stream(_live()))

    def of_outcome(self, outcome_id: str) -> list[Correspondence]:
        """Those that start or end at one outcome."""
        ends = or_(correspondences.c.outcome == outcome_id, correspondences.c.other == outcome_id)
        return list(_once(self._store.rows(_live().where(ends))))

    def of_framework(self, framework_id: str) -> Iterator[Correspondence]:
        """Stream those that start in one framework."""
        return _once(self._store.stream(_live().where(outcomes.c.framework == framework_id)))


def between(framework: str, other: str) -> Select[Any]:
    """Those that lead from one of two frameworks to the other, all sources'."""
    there = select(outcomes.c.id)
    ours, theirs = (there.where(outcomes.c.framework == name) for name in (framework, other))
    ends = (correspondences.c.outcome, correspondences.c.other)
    forth = ends[0].in_(ours) & ends[1].in_(theirs)
    back = ends[0].in_(theirs) & ends[1].in_(ours)
    return _live().where(or_(forth, back))


def _live() -> Select[Any]:
    other = outcomes.alias("other_outcomes")
    keys = (correspondences.c.outcome, correspondences.c.other, correspondences.c.match)
    return (
        select(correspondences)
        .join(outcomes, outcomes.c.id == correspondences.c.outcome)
        .join(other, other.c.id == correspondences.c.other)
        .where(correspondences.c.retired_at.is_(None))
        .where(outcomes.c.retired_at.is_(None), other.c.retired_at.is_(None))
        .order_by(*keys, correspondences.c.dataset)
    )


def _once(rows: Iterable[RowMapping]) -> Iterator[Correspondence]:
    last = None
    for row in rows:
        key = (row["outcome"], row["other"], row["match"])
        if key != last:
            yield correspondence_of(row)
        last = key
