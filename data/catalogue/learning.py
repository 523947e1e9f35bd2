"""What learners need and did: prerequisites and interactions."""

from collections.abc import Iterator

from sqlalchemy import RowMapping, select

from data.catalogue.rows import record_of
from data.catalogue.store import Store
from data.catalogue.tables import interactions, outcomes, prerequisites
from data.records import Interaction, Prerequisite


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


class Interactions:
    """Reads what pseudonymous learners did."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_learner(self, learner: str) -> list[Interaction]:
        """Those of one learner, earliest first."""
        statement = select(interactions).where(interactions.c.learner == learner)
        in_time = statement.order_by(interactions.c.time, interactions.c.number)
        return [_read(row) for row in self._store.rows(in_time)]

    def live(self) -> Iterator[Interaction]:
        """Stream all, in the order in which they came."""
        return map(_read, self._store.stream(select(interactions).order_by(interactions.c.number)))


def _read(row: RowMapping) -> Interaction:
    return record_of(Interaction, row)
