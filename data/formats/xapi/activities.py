"""What a statement is about: the names under which the catalogue may know it."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

from data.formats.fields import RowError, checked_text, shown
from data.formats.protocol import Called

_CONTEXT: Final = ("parent", "grouping", "other")
_LONGEST: Final = 2_000  # characters of an address
_DIGEST_LENGTH: Final = 32
_MOST: Final = 50  # activities of one statement
_UUID_AT_END: Final = re.compile(r"[/#:]([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\Z")


def about(statement: Mapping[str, Any], sites: Sequence[str]) -> tuple[Called, ...]:
    """The object, then what its context names, the nearest first. Raises RowError for no object.

    `sites` are addresses of this service, whose pages stand for what they show.
    """
    object_ = statement.get("object")
    if not isinstance(object_, dict):
        raise RowError("object is missing; it must be what the learner worked with")
    kind = object_.get("objectType", "Activity")
    if kind != "Activity":
        raise RowError(f"object is of type {shown(kind)}; only an Activity can be worked with")
    name = checked_text(object_.get("id"), "object.id", _LONGEST)
    if not name.strip():
        raise RowError("object.id is missing")
    around = [called(other, sites) for other in _around(statement) if other != name]
    return (called(name, sites), *around[:_MOST])


def digest_of(things: Sequence[Called]) -> str:
    """The same for the same things, by the names that the statement itself has for them."""
    names = repr([one.resource[0] for one in things])
    return hashlib.sha256(names.encode()).hexdigest()[:_DIGEST_LENGTH]


def _around(statement: Mapping[str, Any]) -> Iterator[str]:
    """The ids in the context; one that nothing could be called is passed over."""
    context = statement.get("context")
    groups = context.get("contextActivities") if isinstance(context, dict) else None
    for group in _CONTEXT:
        found = groups.get(group) if isinstance(groups, dict) else None
        for activity in found if isinstance(found, list) else [found]:
            name = activity.get("id") if isinstance(activity, dict) else None
            try:
                yield checked_text(name, group, _LONGEST)
            except RowError:
                continue


def called(name: str, sites: Sequence[str]) -> Called:
    """What a thing of this name may be here."""
    resource, outcome = [name], [name]
    for site in sites:
        root = f"{site.rstrip('/')}/"
        if name.startswith(root):
            kind, _, rest = re.split(r"[?#]", name.removeprefix(root))[0].partition("/")
            names = {"resources": resource, "outcomes": outcome}.get(kind, [])
            if (id_ := unquote(rest)) and "\0" not in id_:
                names.append(id_)
    if found := _UUID_AT_END.search(name):
        outcome.append(found[1])  # as CASE addresses outcomes
    return Called(tuple(dict.fromkeys(resource)), tuple(dict.fromkeys(outcome)))
