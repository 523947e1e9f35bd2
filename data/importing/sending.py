"""Interactions that their source knows by an id, under which one comes but once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from data.catalogue.rows import Entry
from data.formats.protocol import Row
from data.formats.xapi.statement import id_of
from data.records import Interaction


def named(row: Row[Interaction]) -> Row[Interaction]:
    """The row with an id, if it is a statement of xAPI that came without one."""
    if row.about and row.client_id is None:
        return replace(row, client_id=id_of(row.record))
    return row


def sent_as(row: Row[Any], entry: Entry) -> Entry:
    """The entry with the id that its source gave it, which interactions alone have."""
    if not isinstance(row.record, Interaction):
        return entry
    return replace(entry, values=entry.values | {"client_id": row.client_id})


def objection(row: Row[Any], entry: Entry, sent: Mapping[str, str]) -> str | None:
    """Why it may not stand beside what came under its id before (id → digest), or None."""
    if row.client_id and sent.get(row.client_id, entry.digest) != entry.digest:
        return f"{row.client_id} is here already and says something else; give it an id of its own"
    return None
