"""Which index is to be served, and the processes that serve, as each says of itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, select

from data.catalogue import auditing
from data.catalogue.audit_table import Event
from data.catalogue.store import Store, upsert
from data.catalogue.work_tables import servers, wanted_index

LATE_SECONDS: Final = 30.0
"""A process that was not heard of for so long does not answer, or its machine is gone."""
GONE_SECONDS: Final = 600.0
"""After so long it is forgotten."""


class State(StrEnum):
    """How a process stands to the index that is to be served."""

    CURRENT = "current"
    BEHIND = "behind"
    WITHOUT = "without an index"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The index that is to be served, on which host it was made, and since when (Unix seconds)."""

    index: str
    host: str
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What one process says of itself, and when it did (Unix seconds).

    `why` says why it does not serve what is wanted.
    """

    id: str
    host: str
    port: int
    index: str | None
    model: str | None
    why: str | None
    seen: float

    def is_silent(self, now: float) -> bool:
        """Whether it should have been heard of since."""
        return now - self.seen > LATE_SECONDS

    def state(self, wanted: Wanted | None, now: float) -> State:
        """How it stands to what is wanted."""
        if self.is_silent(now):
            return State.SILENT
        if self.index is None:
            return State.WITHOUT
        return State.BEHIND if wanted is not None and self.index != wanted.index else State.CURRENT


class Servers:
    """Says what is to be served, and lets each process say what it serves."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def want(self, index: str, *, host: str, now: float) -> None:
        """Have every process serve that index from now on."""
        if (found := self.wanted()) is not None and found.index == index:
            return
        with self._store.writing(durable=True) as connection:
            connection.execute(delete(wanted_index))
            made = Wanted(index=index, host=host, since=now)
            connection.execute(wanted_index.insert(), asdict(made))
            auditing.note(connection, Event.INDEX, index, {"host": host}, now)

    def wanted(self) -> Wanted | None:
        """What is to be served; None where no index was published since this was kept here."""
        found = self._store.first(select(wanted_index))
        return Wanted(**found) if found else None

    def report(self, server: Server) -> None:
        """Keep what a process says of itself, and forget those that are long gone."""
        with self._store.noting() as connection:
            gone = servers.c.seen < server.seen - GONE_SECONDS
            # Where one listens no other does: what is said to be there was killed.
            before = (servers.c.host == server.host) & (servers.c.port == server.port)
            others = servers.c.id != server.id
            connection.execute(delete(servers).where(gone | (before & others)))
            upsert(connection, servers, [asdict(server)])

    def leave(self, id_: str) -> None:
        """Forget a process that has ended."""
        with self._store.noting() as connection:
            connection.execute(delete(servers).where(servers.c.id == id_))

    def indexes_in_use(self, now: float) -> set[str]:
        """What is to be served, and what processes that were heard of lately serve meanwhile."""
        wanted = self.wanted()
        served = {one.index for one in self.all(now) if one.index is not None}
        return served | {wanted.index} if wanted else served

    def all(self, now: float) -> Sequence[Server]:
        """Every process that was heard of lately, by host and port."""
        there = select(servers).where(servers.c.seen >= now - GONE_SECONDS)
        rows = self._store.rows(there.order_by(servers.c.host, servers.c.port, servers.c.id))
        return [Server(**row) for row in rows]
