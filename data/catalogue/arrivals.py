"""Interactions as they come in, inside a transaction: each is kept, known already or refused."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import Connection, bindparam, select

from data import pseudonyms
from data.catalogue import erased
from data.catalogue.intake import Batch
from data.catalogue.rows import UnstorableError, Values, entry_of
from data.catalogue.tables import LOCAL, interactions
from data.records import Interaction

Arrival: TypeAlias = tuple[str | None, Interaction]  # with the id that its client gave it

_CLIENT_ID = re.compile(r"[!-~]{1,200}")
# Made once: to make it takes longer than to look for one event.
_NAMED = select(interactions.c.client_id, interactions.c.digest).where(
    interactions.c.digest.in_(bindparam("digests", expanding=True))
    | interactions.c.client_id.in_(bindparam("client_ids", expanding=True))
)


class Fate(StrEnum):
    """What became of an interaction that came in."""

    KEPT = "kept"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """The fate of one interaction, and why it was refused, if it was."""

    fate: Fate
    reason: str = ""


def take(connection: Connection, arrivals: Sequence[Arrival]) -> list[Taken]:
    """Write those of at most a chunk that are new and may stand; see `Interactions.add`."""
    offered = [(interaction, _row(interaction, client_id)) for client_id, interaction in arrivals]
    storable = [(interaction, row) for interaction, row in offered if not isinstance(row, str)]
    known = _known(connection, [row for _, row in storable])
    objection = _objection(connection, [interaction for interaction, _ in storable])
    taken: list[Taken] = []
    fresh: list[Values] = []
    for interaction, row in offered:
        if isinstance(row, str):
            taken.append(Taken(Fate.REFUSED, row))
        elif not known.isdisjoint(_names(row)):
            taken.append(Taken(Fate.KNOWN))
        elif reason := objection(interaction):
            taken.append(Taken(Fate.REFUSED, reason))
        else:
            taken.append(Taken(Fate.KEPT))
            fresh.append(row)
            known.update(_names(row))
    if fresh:
        connection.execute(interactions.insert(), fresh)
    return taken


def _row(interaction: Interaction, client_id: str | None) -> Values | str:
    """The row to write, or why there can be none."""
    if client_id is not None and not _CLIENT_ID.fullmatch(client_id):
        return "the id of an event has 1 to 200 characters of ASCII and no space; take a UUID"
    if reason := pseudonyms.objection(interaction.learner):
        return reason
    try:
        return entry_of(interaction, LOCAL).values | {"client_id": client_id}
    except UnstorableError as error:
        return str(error)


def _names(row: Mapping[Any, Any]) -> set[tuple[str, str]]:
    """What a row is known by: columns and their values."""
    return {(name, row[name]) for name in ("client_id", "digest") if row[name] is not None}


def _known(connection: Connection, rows: Sequence[Values]) -> set[tuple[str, str]]:
    """What rows are known by that are there already under a name of one of these."""
    names = {
        "digests": [row["digest"] for row in rows],
        "client_ids": [row["client_id"] for row in rows if row["client_id"] is not None],
    }
    there = connection.execute(_NAMED, names).mappings()
    return {name for row in there for name in _names(row)}


def _objection(
    connection: Connection, offered: Sequence[Interaction]
) -> Callable[[Interaction], str | None]:
    """What tells of each of those offered why it may not stand, or None."""
    batch = Batch(connection, LOCAL)
    resources = batch.resources(one.resource for one in offered if one.resource is not None)
    outcomes = batch.outcomes(id_ for one in offered for id_ in one.outcomes)
    since = batch.erased(one.learner for one in offered)

    def objection(one: Interaction) -> str | None:
        if one.resource is not None and one.resource not in resources:
            return f"resource {one.resource!r} is not in the catalogue, or was retired"
        missing = next((id_ for id_ in one.outcomes if id_ not in outcomes), None)
        if missing is not None:
            return f"outcome {missing!r} is not in the catalogue, or was retired"
        return erased.objection(one.time, since.get(one.learner))

    return objection
