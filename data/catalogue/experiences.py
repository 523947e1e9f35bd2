"""What came in as statements of xAPI, found again: the interactions that have an id of one."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, RowMapping, Text, cast, func, or_, select, true

from data.catalogue.interactions import read
from data.catalogue.paging import Order, Page, page_of
from data.catalogue.store import Store
from data.catalogue.tables import interactions
from data.formats.xapi.statement import XAPI
from data.records import Interaction

Experienced: TypeAlias = tuple[str, Interaction]
"""The id of a statement, and what it said."""

_AT: Final = interactions.c
_ID: Final[ColumnElement[str]] = func.coalesce(_AT.client_id, _AT.extra[(XAPI, "id")].as_string())
_CAME: Final = _ID.is_not(None) & _AT.extra[(XAPI, "of")].as_string().is_not(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which are looked for; what is None may be anything.

    `learner` is a pseudonym, `verb` the word that is kept, `things` ids of resources, items and
    outcomes, of which one is the object or, if `is_related`, named at all. Times are those of what
    was done (Unix seconds): after `since`, not after `until`.
    """

    learner: str | None = None
    verb: str | None = None
    things: Collection[str] | None = None
    is_related: bool = False
    since: float | None = None
    until: float | None = None


class Experiences:
    """Reads what came as statements."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, id_: str, *, is_voided: bool) -> Interaction | None:
        """What the statement of that id said, if it holds, or if it was voided."""
        gone = _AT.retired_at.is_not(None) if is_voided else _AT.retired_at.is_(None)
        came = select(interactions).where(_CAME, gone)
        # First by what has an index: the id of one that was sent, then that of one from a file.
        row = self._store.first(came.where(_AT.client_id == id_)) or self._store.first(
            came.where(_AT.client_id.is_(None), _AT.extra[(XAPI, "id")].as_string() == id_)
        )
        return read(row) if row else None

    def page(
        self, wanted: Wanted, *, after: str | None, limit: int, oldest_first: bool
    ) -> Page[Experienced]:
        """Those that are wanted and hold, in the order in which they came. Raises GatewaysError."""
        found = select(interactions, _ID.label("statement")).where(
            _CAME, _AT.retired_at.is_(None), _fits(wanted)
        )
        order = Order((_AT.number,), newest_first=not oldest_first)
        return page_of(self._store, found, order, _read, after=after, limit=limit)


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    fits: ColumnElement[bool] = true()
    if wanted.learner is not None:
        fits &= _AT.learner == wanted.learner
    if wanted.verb is not None:
        fits &= _AT.extra[(XAPI, "verb")].as_string() == wanted.verb
    if wanted.things is not None:
        fits &= _about(wanted.things, is_related=wanted.is_related)
    if wanted.since is not None:
        fits &= _AT.time > wanted.since
    if wanted.until is not None:
        fits &= _AT.time <= wanted.until
    return fits


def _about(things: Collection[str], *, is_related: bool) -> ColumnElement[bool]:
    whole = _AT.resource.in_(things) & (_AT.item.is_(None) | is_related)
    if not is_related:
        return whole | _AT.item.in_(things)
    outcomes = cast(_AT.outcomes, Text)
    written = (json.dumps(one, ensure_ascii=False) for one in things)
    named = (outcomes.contains(one, autoescape=True) for one in written)
    return or_(whole, _AT.item.in_(things), *named)


def _read(row: RowMapping) -> Experienced:
    return row["statement"], read(row)
