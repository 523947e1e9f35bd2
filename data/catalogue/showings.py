"""What curators were shown, kept once and referred to by their decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from data.catalogue.store import in_chunks
from data.catalogue.tables import showings
from data.records import Showing, ShownSuggestion

# Under these names a showing's columns stand beside a decision's.
COLUMNS = {f"showing_{column.name}": column for column in showings.c}


def keep(connection: Connection, shown: Iterable[Showing]) -> None:
    """Keep showings; one of an id that is there already is what was shown, and stays."""
    by_id = {showing.id: showing for showing in shown}
    for ids in in_chunks(by_id):
        there = select(showings.c.id).where(showings.c.id.in_(ids))
        known = set(connection.execute(there).scalars())
        if new := [_row(by_id[name]) for name in ids if name not in known]:
            connection.execute(showings.insert(), new)


def _row(showing: Showing) -> dict[str, Any]:
    return {
        "id": showing.id,
        "resource": showing.resource,
        "time": showing.time,
        "model": showing.model,
        "index": showing.index,
        "frameworks": dict(showing.frameworks),
        "shown": [asdict(one) for one in showing.shown],
    }


def showing_of(row: Mapping[Any, Any]) -> Showing | None:
    """The showing in the COLUMNS of a row, None where there was none."""
    if row["showing_id"] is None:
        return None
    values = {column.name: row[name] for name, column in COLUMNS.items()}
    values["shown"] = tuple(ShownSuggestion(**one) for one in values["shown"])
    return Showing(**values)
