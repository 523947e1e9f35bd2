"""What the caller knows of a source → typed values for the fields that its rows lack."""

from typing import Any

from data.errors import GatewaysError
from data.formats.fields import RowError, from_cell
from data.formats.protocol import ReadOptions
from data.formats.rows import FIELDS, record
from data.records import Outcome, Record, Resource


def defaults_for(kind: type[Record], options: ReadOptions, framework: str) -> dict[str, Any]:
    """Return the values that fill absent fields of `kind`; `framework` is the last resort.

    Raises GatewaysError when a default is not one of our fields or does not fit it.
    """
    both = tuple(dict.fromkeys(FIELDS[Outcome] + FIELDS[Resource]))
    for name in options.defaults:
        if name not in both:
            raise GatewaysError(f"there is no field `{name}` to default; fields: {', '.join(both)}")
    given = {"framework": framework, **options.defaults}
    mine = FIELDS[kind] if kind in (Outcome, Resource) else ()
    typed = {name: from_cell(name, given[name]) for name in mine if name in given}
    try:
        if mine:
            record(kind, {"id": "any", "title": "any", **typed}, options.max_text)
    except RowError as error:
        raise GatewaysError(f"a default does not fit: {error}") from None
    return typed
