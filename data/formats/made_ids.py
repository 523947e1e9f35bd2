"""A row without an id → one made of what it says, so that the same row has the same id again."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from data.formats.rows import FIELDS
from data.records import Outcome, Record, Resource

_TELLING: Final[Mapping[type[Record], str]] = {Resource: "url", Outcome: "code"}


def with_id(kind: type[Record], raw: dict[str, Any], framework: str) -> dict[str, Any]:
    """The row, with an id if it has none; `framework` is that of outcomes that name none.

    Title and address, or title and code of an outcome, tell which one it is, whatever else of it
    changes. Of rows that have no such thing all our fields tell, since many have the same title.
    The name of the file plays no part: under another name it has the same resources.
    """
    if "id" in raw:
        return raw
    names = ("title", _TELLING[kind]) if raw.get(_TELLING[kind]) else FIELDS[kind]
    said = {name: raw[name] for name in names if name in raw}
    if kind is Outcome:
        said["framework"] = raw.get("framework", framework)
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return {**raw, "id": f"row-{digest[:16]}"}
