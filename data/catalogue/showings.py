"""What curators were shown, kept once and referred to by their decisions."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from data.catalogue.tables import showings
from data.records import Showing, ShownSuggestion

# Under these names a showing's columns stand beside a decision's.
COLUMNS = {f"showing_{column.name}": column for column in showings.c}


def keep(connection: Connection, showing: Showing) -> None:
    """Keep a showing; one of the same id that is there already is what was shown, and stays."""
    there = select(showings.c.id).where(showings.c.id == showing.id)
    if connection.execute(there).first() is None:
        connection.execute(
            showings.insert(),
            {
                "id": showing.id,
                "resource": showing.resource,
                "time": showing.time,
                "model": showing.model,
                "index": showing.index,
                "frameworks": dict(showing.frameworks),
                "shown": [asdict(one) for one in showing.shown],
            },
        )


def showing_of(row: Mapping[Any, Any]) -> Showing | None:
    """The showing in the COLUMNS of a row, None where there was none."""
    if row["showing_id"] is None:
        return None
    values = {column.name: row[name] for name, column in COLUMNS.items()}
    values["shown"] = tuple(ShownSuggestion(**one) for one in values["shown"])
    return Showing(**values)
