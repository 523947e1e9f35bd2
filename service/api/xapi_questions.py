"""What statements of xAPI are asked for by, as it stands in an address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from data.formats.fields import RowError, checked_text
from data.formats.lines import decode_json
from data.formats.xapi.statement import seconds_in, uuid_in
from service.asking.experienced import Asked
from service.http.problems import InvalidError

T = TypeVar("T")
CURSOR: Final = "cursor"
FORMATS: Final = ("ids", "exact", "canonical")
_ONE: Final = ("statementId", "voidedStatementId")
_EITHER: Final = ("format", "attachments")
_LONGEST: Final = 2_000
_NOT_KEPT: Final = "is not kept of statements, so none can be found by it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One statement by its `id`, or else those that are `asked` for, from a `cursor` on."""

    id: str | None = None
    is_voided: bool = False
    asked: Asked = field(default_factory=Asked)
    cursor: str | None = None
    said: Mapping[str, str]

    def more(self, cursor: str) -> str:
        """The query that goes on from there."""
        return urlencode({**self.said, CURSOR: cursor})


def question_of(said: Mapping[str, str]) -> Question:
    """What is asked for. Raises InvalidError for what is not known, or not so."""
    given = dict(said)
    for name in given:
        if name not in _READ and name not in (*_ONE, *_EITHER, CURSOR):
            why = _NOT_KEPT if name == "registration" else "is no parameter of this"
            raise InvalidError(f"?{name}", why)
    _check_form(given)
    ids = [name for name in _ONE if name in given]
    if not ids:
        read = {name: _read(name, given, how) for name, how in _READ.items() if name in given}
        read.pop("related_agents", None)  # no one but the actor is kept
        return Question(asked=Asked(**read), cursor=given.get(CURSOR), said=given)
    if others := sorted(given.keys() - {ids[0], *_EITHER}):
        raise InvalidError(f"?{others[0]}", f"does not go with {ids[0]}")
    id_ = _read(ids[0], given, lambda value: uuid_in(value, "the id"))
    return Question(id=id_, is_voided=ids[0] == "voidedStatementId", said=given)


def _check_form(given: Mapping[str, str]) -> None:
    if given.get("format", "exact") not in FORMATS:
        raise InvalidError("?format", f"is one of {', '.join(FORMATS)}")
    if _read("attachments", given, _flag, "false"):
        raise InvalidError("?attachments", "are not kept; ask without them")


def _read(
    name: str, given: Mapping[str, str], how: Callable[[str], T], default: str | None = None
) -> T:
    try:
        return how(given[name] if default is None else given.get(name, default))
    except RowError as error:
        raise InvalidError(f"?{name}", str(error)) from None


def _agent(value: str) -> Any:
    try:
        found = decode_json(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RowError('is no agent; write it as {"account": {"homePage": …, "name": …}}')
    return found


def _address(value: str) -> str:
    return checked_text(value, "the address", _LONGEST)


def _flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise RowError("is true or false")
    return value == "true"


def _limit(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise RowError("is a whole number, 0 for as many as there may be")
    return int(value)


def _moment(value: str) -> float:
    return seconds_in(value, "it")


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "agent": _agent,
    "verb": _address,
    "activity": _address,
    "related_activities": _flag,
    "related_agents": _flag,
    "since": _moment,
    "until": _moment,
    "limit": _limit,
    "ascending": _flag,
}
