"""Prerequisites: which outcome builds on which."""

from collections.abc import Iterator

from sqlalchemy import select

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
        required = outcomes.alias("required")
        statement = (
            select(prerequisites)
            .join(outcomes, outcomes.c.id == prerequisites.c.outcome)
            .join(required, required.c.id == prerequisites.c.requires)
            .where(prerequisites.c.retired_at.is_(None))
            .where(outcomes.c.retired_at.is_(None), required.c.retired_at.is_(None))
            .order_by(*prerequisites.primary_key)
        )
        last = None
        for row in self._store.stream(statement):
            edge = (row["outcome"], row["requires"])
            if edge != last:
                yield record_of(Prerequisite, row)
            last = edge
