"""Interactions: what pseudonymous learners did."""

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlalchemy import RowMapping, select

from data.catalogue.arrivals import Arrival, Taken, take
from data.catalogue.rows import record_of
from data.catalogue.store import CHUNK, Store
from data.catalogue.tables import interactions
from data.records import Interaction

# An order that does not depend on the one in which they came.
IN_TIME = (interactions.c.time, interactions.c.digest)


class Interactions:
    """Takes in what learners do, one by one or in bulk, and reads it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, entries: Sequence[Arrival]) -> list[Taken]:
        """Write interactions to the disk and tell, in their order, what became of each.

        Each comes with the id that its client gave it, or None. One whose id is there already
        changes nothing, even if it says something else; nor does one that says the same as another.
        Refused are ids of learners that look like a name, resources and outcomes that are not there
        or retired, and what was done before its learner was erased. Raises GatewaysError when the
        database cannot be written to; then none is kept.
        """
        with self._store.writing(durable=True) as connection:
            starts = range(0, len(entries), CHUNK)
            chunks = (take(connection, entries[start : start + CHUNK]) for start in starts)
            return list(chain.from_iterable(chunks))

    def of_learner(self, learner: str) -> list[Interaction]:
        """Those of one learner that are not retired, earliest first, in whatever order they came.

        Those of the same time are in the order of their digests.
        """
        mine = (interactions.c.learner == learner) & interactions.c.retired_at.is_(None)
        in_time = select(interactions).where(mine).order_by(*IN_TIME)
        return [read(row) for row in self._store.rows(in_time)]

    def live(self) -> Iterator[Interaction]:
        """Stream all, in the order in which they came."""
        return map(read, self._store.stream(select(interactions).order_by(interactions.c.number)))


def read(row: RowMapping) -> Interaction:
    """The interaction of a row."""
    return record_of(Interaction, row)
