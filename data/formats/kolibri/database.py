"""A channel as Kolibri keeps it: an SQLite database, which is only read."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from data.errors import GatewaysError
from data.formats.kolibri.nodes import Node
from data.formats.kolibri.words import hexadecimal
from data.formats.protocol import Refusal

ENDINGS: Final = (".sqlite3", ".sqlite", ".db")
TABLE: Final = "content_contentnode"
UNREADABLE: Final = (sqlite3.Error, UnicodeDecodeError, MemoryError)
"""The second where what the first would say quotes bytes of the file that are no text, the third
where the file states a length that no memory has."""

_NEEDED = ("id", "parent_id", "title", "kind", "content_id", "channel_id")
_READ = (*_NEEDED, "description", "lang_id", "license_name")
# What is kept beside the fields, where a version of the database has it.
_KEPT = (
    *("author", "license_owner", "license_description", "duration", "coach_content"),
    *("grade_levels", "resource_types", "learning_activities", "categories"),
)
_IN_ORDER = ("channel_id", "tree_id", "lft", "sort_order", "id")


def is_channel(path: Path) -> bool:
    """Whether `path` is a database with Kolibri's nodes."""
    try:
        with closing(_opened(path)) as database:
            return set(_NEEDED) <= set(_columns(database, TABLE))
    except UNREADABLE:
        return False


def channels(path: Path) -> list[dict[str, Any]]:
    """The id and the title of every channel. Raises GatewaysError."""
    try:
        with closing(_opened(path)) as database:
            if not {"id", "name"} <= set(_columns(database, "content_channelmetadata")):
                return []
            named = database.execute("SELECT id, name FROM content_channelmetadata ORDER BY id")
            return [{"id": str(hexadecimal(id_)), "title": str(title)} for id_, title in named]
    except UNREADABLE as error:
        raise GatewaysError(f"{path}: cannot be read: {error}") from None


def nodes(path: Path) -> Iterator[Node | Refusal]:
    """Every node, from the top of each channel down; a damaged database ends with a refusal."""
    place = 0
    try:
        with closing(_opened(path)) as database:
            there = _columns(database, TABLE)
            columns = [name for name in (*_READ, *_KEPT) if name in there]
            for place, row in enumerate(database.execute(_query(columns, there)), start=1):
                *cells, has_content = row
                yield _node(dict(zip(columns, cells, strict=True)), bool(has_content), place)
    except UNREADABLE as error:
        reason = f"the database cannot be read from here on: {error}"
        yield Refusal(str(path), place + 1, reason)


def _opened(path: Path) -> sqlite3.Connection:
    # Immutable, so that not even a lock or a journal is written beside it.
    place = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    database = sqlite3.connect(place, uri=True)
    # What a view or an index of a foreign database calls runs nothing that can do harm.
    database.execute("PRAGMA trusted_schema = OFF")
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    return database


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    named = database.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return [str(name) for (name,) in named]


def _query(columns: Sequence[str], there: Sequence[str]) -> str:
    """Columns and order are names of ours that the table has, so nothing foreign gets into it."""
    chosen = ", ".join(f"node.{name}" for name in columns)
    order = ", ".join(f"node.{name}" for name in _IN_ORDER if name in there)
    return (
        f"SELECT {chosen}, EXISTS (SELECT 1 FROM {TABLE} AS child "  # noqa: S608
        f"WHERE child.parent_id = node.id AND child.kind <> 'topic') "
        f"FROM {TABLE} AS node ORDER BY {order}"
    )


def _node(row: dict[str, Any], has_content: bool, place: int) -> Node:
    row = {name: _cell(value) for name, value in row.items()}
    seconds = row.pop("duration", None)
    extra = {name: row[name] for name in _KEPT if row.get(name)}
    if isinstance(seconds, int) and seconds > 0:
        extra["duration_minutes"] = seconds / 60 if seconds % 60 else seconds // 60
    own = str(hexadecimal(row["id"]) or "")
    return Node(
        place=place,
        id=own,
        content=str(hexadecimal(row["content_id"]) or own),
        parent=str(hexadecimal(row["parent_id"])) if row["parent_id"] else None,
        channel=str(hexadecimal(row["channel_id"]) or ""),
        kind=row["kind"],
        title=row["title"],
        description=row.get("description"),
        language=row.get("lang_id"),
        license=row.get("license_name"),
        has_content=has_content,
        extra=extra,
    )


def _cell(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
