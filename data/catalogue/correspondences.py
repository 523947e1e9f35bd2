"""Correspondences: what outcomes of different frameworks have to do with each other."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import RowMapping, Select, func, or_, select

from data.catalogue.rows import correspondence_of
from data.catalogue.store import Store, in_chunks
from data.catalogue.tables import LOCAL, correspondences, outcomes
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

    def of_outcomes(self, ids: Iterable[str]) -> list[Correspondence]:
        """Those that start or end at any of several outcomes."""
        found: dict[tuple[str, str, str], Correspondence] = {}
        for chunk in in_chunks(ids):
            ends = or_(correspondences.c.outcome.in_(chunk), correspondences.c.other.in_(chunk))
            for one in _once(self._store.rows(_live().where(ends))):
                found[one.outcome, one.other, one.match.value] = one
        return list(found.values())

    def of_framework(self, framework_id: str) -> Iterator[Correspondence]:
        """Stream those that start in one framework."""
        return _once(self._store.stream(_live().where(outcomes.c.framework == framework_id)))

    def decided(self) -> dict[str, float]:
        """Framework → when curators last changed a line that starts in it (Unix seconds)."""
        last = func.max(correspondences.c.time), func.max(correspondences.c.retired_at)
        of_curators = (
            select(outcomes.c.framework, *(one.label(f"last_{n}") for n, one in enumerate(last)))
            .join(outcomes, outcomes.c.id == correspondences.c.outcome)
            .where(correspondences.c.dataset == LOCAL)
            .group_by(outcomes.c.framework)
        )
        return {
            row["framework"]: max(row["last_0"], row["last_1"] or 0.0)
            for row in self._store.rows(of_curators)
        }


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
