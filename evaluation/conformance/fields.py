"""What a resource states under a name: one of ours, or a dotted path into what its source wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from data.records import Resource

_OURS: Final = frozenset(one.name for one in fields(Resource)) - {"extra"}


def stated(resource: Resource, path: str) -> list[Any]:
    """The values there, lists laid flat and what is empty left out; false and 0 are values."""
    if path in _OURS:
        return list(_flat(getattr(resource, path)))
    if path in resource.extra:  # a name with a dot in it
        return list(_flat(resource.extra[path]))
    found: list[Any] = [resource.extra]
    for step in path.split("."):
        found = [inner for one in found for inner in _step(one, step)]
    return found


def words(resource: Resource, path: str) -> list[str]:
    """The values there that are texts or numbers, as texts."""
    return [
        str(one)
        for one in stated(resource, path)
        if isinstance(one, str | int | float) and not isinstance(one, bool)
    ]


def _step(value: Any, name: str) -> Iterable[Any]:
    return _flat(value.get(name)) if isinstance(value, Mapping) else ()


def _flat(value: Any) -> Iterable[Any]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    elif not (value is None or value == {} or (isinstance(value, str) and not value.strip())):
        yield value
