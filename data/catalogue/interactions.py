"""Interactions: what pseudonymous learners did."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import Connection, RowMapping, select

from data.catalogue import naming
from data.catalogue.arrivals import Arrival, Fate, Taken, take
from data.catalogue.rows import as_said, record_of
from data.catalogue.store import CHUNK, Store, in_chunks
from data.catalogue.tables import interactions
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.formats.protocol import Called
from data.records import Interaction

# An order that does not depend on the one in which they came.
IN_TIME = (interactions.c.time, interactions.c.digest)


class RefusedError(GatewaysError):
    """One of several interactions may not stand; `place` says which, 0 for the first."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


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
            return _take(connection, entries)

    def add_all(self, entries: Sequence[Arrival], withdrawn: Sequence[str] = ()) -> list[Taken]:
        """The same, but all or none; then those that came under the ids `withdrawn` are retired.

        Raises RefusedError for the first that `add` would refuse, ConflictError for an id that is
        there and says something else, and NotFoundError for a withdrawn one that is not there.
        """
        with self._store.writing(durable=True) as connection:
            before = _sent(connection, (id_ for id_, _ in entries if id_))
            for id_, interaction in entries:
                if id_ and as_said(before.get(id_, interaction)) != as_said(interaction):
                    raise ConflictError(f"{id_} is here already and says something else")
            taken = _take(connection, entries)
            for place, one in enumerate(taken):
                if one.fate is Fate.REFUSED:
                    raise RefusedError(place, one.reason)
            _withdraw(connection, withdrawn)
            return taken

    def sent(self, client_ids: Iterable[str]) -> dict[str, Interaction]:
        """Those that came under these ids, retired or not."""
        with self._store.reading() as connection:
            return _sent(connection, client_ids)

    def known(self, about: Iterable[Called]) -> naming.Known:
        """Which resources and outcomes things are that a source calls by other names."""
        with self._store.reading() as connection:
            return naming.known(connection, about)

    def of_learner(self, learner: str) -> list[Interaction]:
        """Those of one learner that are not retired, earliest first, in whatever order they came.

        Those of the same time are in the order of their digests.
        """
        mine = (interactions.c.learner == learner) & interactions.c.retired_at.is_(None)
        in_time = select(interactions).where(mine).order_by(*IN_TIME)
        return [read(row) for row in self._store.rows(in_time)]

    def live(self) -> Iterator[Interaction]:
        """Stream all that are not retired, in the order in which they came."""
        live = select(interactions).where(interactions.c.retired_at.is_(None))
        return map(read, self._store.stream(live.order_by(interactions.c.number)))


def read(row: RowMapping) -> Interaction:
    """The interaction of a row."""
    return record_of(Interaction, row)


def _take(connection: Connection, entries: Sequence[Arrival]) -> list[Taken]:
    starts = range(0, len(entries), CHUNK)
    chunks = (take(connection, entries[start : start + CHUNK]) for start in starts)
    return list(chain.from_iterable(chunks))


def _sent(connection: Connection, client_ids: Iterable[str]) -> dict[str, Interaction]:
    found: dict[str, Interaction] = {}
    for chunk in in_chunks(client_ids):
        named = select(interactions).where(interactions.c.client_id.in_(chunk))
        rows = connection.execute(named).mappings()
        found |= {row["client_id"]: read(row) for row in rows}
    return found


def _withdraw(connection: Connection, client_ids: Sequence[str]) -> None:
    there = _sent(connection, client_ids)
    for id_ in client_ids:
        if id_ not in there:
            raise NotFoundError(f"{id_} is not here, so it cannot be withdrawn")
    for chunk in in_chunks(client_ids):
        named = interactions.c.client_id.in_(chunk) & interactions.c.retired_at.is_(None)
        connection.execute(interactions.update().where(named).values(retired_at=time.time()))
