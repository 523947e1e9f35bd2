"""Pages by cursor: where one page ends is where the next begins, whatever changes meanwhile."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, RowMapping, Select, literal, tuple_

from data.catalogue.store import Store
from data.errors import GatewaysError

T = TypeVar("T")
MOST = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in their order, and the cursor that leads to those after them, if any."""

    items: list[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that rows are in order by; together they are unique."""

    columns: tuple[ColumnElement[Any], ...]
    newest_first: bool = False


def page_of(
    store: Store,
    statement: Select[Any],
    order: Order,
    read: Callable[[RowMapping], T],
    *,
    after: str | None,
    limit: int,
) -> Page[T]:
    """At most `limit` rows of the statement, from `after` on. Raises GatewaysError."""
    if not 1 <= limit <= MOST:
        raise GatewaysError(f"limit: {limit} is not between 1 and {MOST}")
    if after is not None:
        last = tuple_(*map(literal, _key_of(after, order.columns)))
        here = tuple_(*order.columns)
        statement = statement.where(here < last if order.newest_first else here > last)
    ordered = [column.desc() if order.newest_first else column for column in order.columns]
    # One row more than asked for tells whether there is a next page.
    rows = store.rows(statement.order_by(*ordered).limit(limit + 1))
    more = len(rows) > limit
    cursor = _cursor([rows[limit - 1][column] for column in order.columns]) if more else None
    return Page([read(row) for row in rows[:limit]], cursor)


def _cursor(key: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _key_of(cursor: str, columns: Sequence[ColumnElement[Any]]) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        json.dumps(key, ensure_ascii=False).encode()  # fails on half a character
    except (binascii.Error, ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or not _fits(key, columns):
        raise GatewaysError("cursor: it is not one that a page before gave; start without it")
    return key


def _fits(key: list[Any], columns: Sequence[ColumnElement[Any]]) -> bool:
    kinds = [column.type.python_type for column in columns]
    return [type(value) for value in key] == kinds
