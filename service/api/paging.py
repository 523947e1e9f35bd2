"""The parameters of every list, and pages of what is read whole."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from service.http.problems import InvalidError

T = TypeVar("T")

Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Items on a page.")]


def page_of(
    items: Sequence[T], key: Callable[[T], str], cursor: str | None, limit: int
) -> tuple[list[T], str | None]:
    """At most `limit` of `items`, in order of their unique `key`, and the cursor to the next page.

    Raises InvalidError for a malformed cursor.
    """
    after = "" if cursor is None else _read(cursor)
    left = sorted((item for item in items if key(item) > after), key=key)
    page = left[:limit]
    return page, _cursor(key(page[-1])) if len(left) > limit else None


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _read(cursor: str) -> str:
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidError("?cursor", "not one that a page before gave") from None
