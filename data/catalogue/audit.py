"""The audit trail: read, compared with the rows that it vouches for, and checked."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Text, cast, exists, select

from data.catalogue.audit_table import VOUCHED, Event, audit
from data.catalogue.auditing import last_entry, note, row_digest
from data.catalogue.chain import Entry, broken, wording
from data.catalogue.store import CHUNK, Store

_NEWEST = audit.c.number.desc()


class Audit:
    """Tells what happened, and whether anybody has changed the record of it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def head(self) -> Entry | None:
        """The newest entry; its hash stands for all before it. None where nothing happened."""
        with self._store.reading() as connection:
            return last_entry(connection)

    def entries(self) -> Iterator[Entry]:
        """Stream every entry in its order."""
        return (Entry(**row) for row in self._store.stream(select(audit).order_by(audit.c.number)))

    def latest(self, events: Collection[Event], most: int) -> list[Entry]:
        """At most so many entries of these events, the newest first."""
        named = audit.c.event.in_([event.value for event in events])
        rows = self._store.rows(select(audit).where(named).order_by(_NEWEST).limit(most))
        return [Entry(**row) for row in rows]

    def note(self, event: Event, about: str, said: Mapping[str, Any]) -> None:
        """Add an entry, which must hold no personal data."""
        with self._store.writing(durable=True) as connection:
            note(connection, event, about, said)

    def note_change(self, event: Event, about: str, said: Mapping[str, Any]) -> None:
        """Add an entry, unless the newest one of this event and subject says the same."""
        with self._store.reading() as connection:
            if _says(connection, event, about, said):
                return
        self.note(event, about, said)

    def faults(self, number: int | None = None, hash_: str = "") -> Iterator[str]:
        """What is wrong, a line for each; nothing where the trail is as it was written.

        With a head that was written down elsewhere, it also tells whether that is still there.
        """
        with self._store.reading() as connection:
            # A row count of each answer is in memory, never all of it.
            streamed = connection.execution_options(yield_per=CHUNK)
            rows = streamed.execute(select(audit).order_by(audit.c.number)).mappings()
            yield from broken(Entry(**row) for row in rows)
            for event in VOUCHED:
                yield from _changed(streamed, event)
                yield from _gone(streamed, event)
            if number is not None:
                found = select(audit.c.hash).where(audit.c.number == number)
                if streamed.execute(found).scalar() != hash_:
                    yield f"entry {number} is not the one that was written down"


def _says(connection: Connection, event: Event, about: str, said: Mapping[str, Any]) -> bool:
    here = (audit.c.event == event.value) & (audit.c.about == about)
    newest = select(audit.c.said).where(here).order_by(_NEWEST).limit(1)
    return bool(connection.execute(newest).scalar() == wording(said))


def _changed(connection: Connection, event: Event) -> Iterator[str]:
    """Rows that are not as their entries say, or that have none."""
    table, names = VOUCHED[event]
    entry = audit.alias()
    same = (entry.c.event == event.value) & (entry.c.about == cast(table.c.id, Text))
    rows = select(*(table.c[name] for name in names), entry.c.said.label("entry_said"))
    joined = rows.select_from(table.outerjoin(entry, same)).order_by(table.c.id)
    for row in connection.execute(joined).mappings():
        if row["entry_said"] is None:
            yield f"{event.value} {row['id']} is not in the trail"
        elif row["entry_said"] != wording({"digest": row_digest(event, dict(row))}):
            yield f"{event.value} {row['id']} is not what it was"


def _gone(connection: Connection, event: Event) -> Iterator[str]:
    """Rows that have an entry and are no longer there."""
    table, _ = VOUCHED[event]
    there = exists().where(cast(table.c.id, Text) == audit.c.about)
    named = select(audit.c.about).where(audit.c.event == event.value, ~there)
    for about in connection.execute(named.order_by(audit.c.number)).scalars():
        yield f"{event.value} {about} is missing"
