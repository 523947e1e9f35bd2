"""Adds to the audit trail, inside the transaction that does what is to be told.

That transaction is alone in writing (`Store.writing`), so that all processes over a database make
one chain.
"""

import time as clock
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from data.catalogue.audit_table import VOUCHED, Event, audit
from data.catalogue.chain import Entry, digest_of, following

_LAST = select(audit).order_by(audit.c.number.desc()).limit(1)


def note(
    connection: Connection,
    event: Event,
    about: str,
    said: Mapping[str, Any],
    time: float | None = None,
    by: str = "",
) -> None:
    """Add an entry: what happened to what, now unless a `time` (Unix seconds) is named.

    `said` must hold no personal data, since nothing is ever taken out of the trail; `by` is the id
    of the key that whoever did it came in with, never their name.
    """
    last = last_entry(connection)
    now = clock.time() if time is None else time
    told = {**said, "by": by} if by else said
    entry = following(last, time=now, event=event.value, about=about, said=told)
    connection.execute(audit.insert(), asdict(entry))


def note_row(connection: Connection, event: Event, values: Mapping[str, Any]) -> None:
    """Add an entry that vouches for a row which was just written, without what it says."""
    time = values["created"] if event is Event.KEY else values["time"]
    note(connection, event, str(values["id"]), {"digest": row_digest(event, values)}, time)


def row_digest(event: Event, values: Mapping[str, Any]) -> str:
    """The digest of the columns of a row that never change."""
    _, names = VOUCHED[event]
    said = {name: values[name] for name in names}
    for name in ("time", "created"):  # as a database gives them back
        if name in said:
            said[name] = float(said[name])
    return digest_of(said)


def last_entry(connection: Connection) -> Entry | None:
    """The head of the chain."""
    row = connection.execute(_LAST).mappings().first()
    return Entry(**row) if row else None
