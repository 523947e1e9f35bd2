"""The `filter`, `sort` and `fields` of CASE's lists, on objects as they are served.

A filter is `field OP 'value'`, several joined by AND, which binds closer, or OR; a quote in a value
is written twice.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from data.formats.case.tidying import Json, text_of
from service.case.status_info import CaseError

DOCUMENT_FIELDS: Final = frozenset(
    (
        *("identifier", "uri", "frameworkType", "caseVersion", "creator", "title"),
        *("lastChangeDateTime", "officialSourceURL", "publisher", "description", "subject"),
        *("subjectURI", "language", "version", "adoptionStatus", "statusStartDate"),
        *("statusEndDate", "licenseURI", "notes", "CFPackageURI", "extensions"),
    )
)
_CONDITION = re.compile(r"\s*([A-Za-z][\w.]*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'\s*")
_JOIN = re.compile(r"(AND|OR)\b", re.IGNORECASE)


class Condition(NamedTuple):
    """One comparison of a field with a value."""

    field: str
    operator: str
    value: str


_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda ours, given: bool(ours == given),
    ">": lambda ours, given: bool(ours > given),
    ">=": lambda ours, given: bool(ours >= given),
    "<": lambda ours, given: bool(ours < given),
    "<=": lambda ours, given: bool(ours <= given),
}


def filtered(objects: Sequence[Json], text: str | None) -> list[Json]:
    """Those that the filter lets through. Raises CaseError if it cannot be read."""
    if text is None:
        return list(objects)
    ways = _parsed(text)
    return [one for one in objects if any(_fits_all(one, way) for way in ways)]


def in_order(objects: Sequence[Json], field: str | None, *, descending: bool) -> list[Json]:
    """By a field, what lacks it last. Raises CaseError if there is no such field."""
    if field is None:
        return list(reversed(objects)) if descending else list(objects)
    if field not in DOCUMENT_FIELDS:
        raise CaseError(f"sort: there is no field {field!r}", 400, "invalid_sort_field", "sort")
    having = [one for one in objects if _values(one, field)]
    lacking = [one for one in objects if not _values(one, field)]
    by_value = sorted(having, key=lambda one: _values(one, field), reverse=descending)
    return by_value + lacking


def selected(objects: Sequence[Json], fields: str | None) -> list[Json]:
    """Only these fields of each. Raises CaseError if there is one that there is not."""
    if fields is None:
        return list(objects)
    names = [name.strip() for name in fields.split(",")]
    for name in names:
        _check(name, "fields")
    return [{name: one[name] for name in names if name in one} for one in objects]


def _parsed(text: str) -> list[list[Condition]]:
    """The ways to pass, each a list of conditions that all have to hold."""
    ways: list[list[Condition]] = [[]]
    at = 0
    while True:
        if (found := _CONDITION.match(text, at)) is None:
            raise _unreadable(text, at)
        condition = Condition(found[1], found[2], found[3].replace("''", "'"))
        _check(condition.field.partition(".")[0], "filter")
        ways[-1].append(condition)
        if (at := found.end()) == len(text):
            return ways
        if (join := _JOIN.match(text, at)) is None:
            raise _unreadable(text, at)
        if join[1].upper() == "OR":
            ways.append([])
        at = join.end()


def _fits_all(one: Json, conditions: Sequence[Condition]) -> bool:
    return all(_fits(one, condition) for condition in conditions)


def _fits(one: Json, condition: Condition) -> bool:
    """Whether any value of the field fits; for `!=` whether none is the same."""
    ours, given = _values(one, condition.field), _comparable(condition.value)
    if condition.operator == "!=":
        return given not in ours
    if condition.operator == "~":
        return any(condition.value.casefold() in text for text in _texts(one, condition.field))
    test = _TESTS[condition.operator]
    return any(type(value) is type(given) and test(value, given) for value in ours)


def _values(one: Json, field: str) -> list[Any]:
    return [_comparable(text) for text in _texts(one, field)]


def _texts(one: Any, field: str) -> list[str]:
    """The texts of a field, which may be a list or, with dots, within an object."""
    name, _, rest = field.partition(".")
    value = one.get(name) if isinstance(one, dict) else None
    values = value if isinstance(value, list) else [value]
    if rest:
        return [text for inner in values for text in _texts(inner, rest)]
    return [text.casefold() for inner in values if (text := text_of(inner))]


def _comparable(text: str) -> tuple[int, Any]:
    """A moment as such, whatever its zone, and any other text without regard to case."""
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return 1, text.casefold()
    return 0, moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check(name: str, parameter: str) -> None:
    if name not in DOCUMENT_FIELDS:
        raise CaseError(
            f"{parameter}: there is no field {name!r}", 400, "invalid_selection_field", parameter
        )


def _unreadable(text: str, at: int) -> CaseError:
    return CaseError(
        f"filter: cannot be read from character {at + 1} on ({text[at : at + 20]!r}); "
        "write it as field='value', several joined by AND or OR",
        400,
        "invalid_selection_field",
        "filter",
    )
