"""Prerequisites: which outcome builds on which."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import RowMapping, Select, or_, select

from data.catalogue.rows import record_of
from data.catalogue.store import Store
from data.catalogue.tables import outcomes, prerequisites
from data.records import Prerequisite


class Prerequisites:
    """Reads the edges between outcomes of which neither is retired."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def live(self) -> Iterator[Prerequisite]:
        """Stream all, by outcome and what it requires; each edge once."""
        return _once(self._store.stream(_live()))

    def of_framework(self, framework_id: str) -> Iterator[Prerequisite]:
        """Stream those of the outcomes of one framework; each edge once."""
        return _once(self._store.stream(_live().where(outcomes.c.framework == framework_id)))

    def of_outcome(self, outcome_id: str) -> list[Prerequisite]:
        """What one outcome builds on and what builds on it, each edge once."""
        touching = or_(
            prerequisites.c.outcome == outcome_id, prerequisites.c.requires == outcome_id
        )
        return list(_once(self._store.rows(_live().where(touching))))


def _live() -> Select[Any]:
    required = outcomes.alias("required")
    return (
        select(prerequisites)
        .join(outcomes, outcomes.c.id == prerequisites.c.outcome)
        .join(required, required.c.id == prerequisites.c.requires)
        .where(prerequisites.c.retired_at.is_(None))
        .where(outcomes.c.retired_at.is_(None), required.c.retired_at.is_(None))
        .order_by(*prerequisites.primary_key)
    )


def _once(rows: Iterable[RowMapping]) -> Iterator[Prerequisite]:
    last = None
    for row in rows:
        edge = (row["outcome"], row["requires"])
        if edge != last:
            yield record_of(Prerequisite, row)
        last = edge
