"""What may be asked over OAI-PMH, checked: its verbs, their arguments, and where a list goes on."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from data.errors import GatewaysError
from service.api.oai_names import span_of
from service.api.oai_xml import SCHEMAS

LISTS: Final = ("ListRecords", "ListIdentifiers")
_RESUMING: Final = "resumptionToken"
_OF_LISTS: Final = ({"metadataPrefix"}, {"metadataPrefix", "from", "until", "set", _RESUMING})
# The arguments that each verb needs, and all that it may have.
_VERBS: Final[Mapping[str, tuple[set[str], set[str]]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {_RESUMING}),
    "GetRecord": ({"identifier", "metadataPrefix"}, {"identifier", "metadataPrefix"}),
    **dict.fromkeys(LISTS, _OF_LISTS),
}


class AskedError(GatewaysError):
    """Something is wrong with a question; `code` is OAI-PMH's word for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which resources a list has, in which format, and the cursor to where it goes on."""

    prefix: str
    from_: str = ""
    until: str = ""
    set_: str = ""
    cursor: str | None = None

    @property
    def since(self) -> float | None:
        """When the time that is asked for begins (Unix seconds)."""
        return span_of(self.from_)[0] if self.from_ else None

    @property
    def before(self) -> float | None:
        """When it is over."""
        return span_of(self.until)[1] if self.until else None

    def token(self, cursor: str) -> str:
        """What leads to the rest of the list."""
        said = [self.prefix, self.from_, self.until, self.set_, cursor]
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode()


def checked(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The verb and its arguments. Raises AskedError."""
    asked = dict(pairs)
    if len(asked) != len(pairs):
        raise AskedError("badArgument", "an argument is given twice")
    verb = asked.get("verb", "")
    if verb not in _VERBS:
        raise AskedError("badVerb", f"the verb is one of {', '.join(_VERBS)}")
    needed, known = _VERBS[verb]
    given = asked.keys() - {"verb"}
    if given - known:
        raise AskedError("badArgument", f"{verb} does not take {', '.join(sorted(given - known))}")
    if _RESUMING in given:
        if given != {_RESUMING}:
            raise AskedError("badArgument", f"nothing else may stand beside {_RESUMING}")
    elif needed - given:
        raise AskedError("badArgument", f"{verb} needs {', '.join(sorted(needed - given))}")
    check_prefix(asked.get("metadataPrefix", "oai_dc"))
    return asked


def check_prefix(prefix: str) -> None:
    """Raise AskedError unless that format is offered."""
    if prefix not in SCHEMAS:
        raise AskedError("cannotDisseminateFormat", f"the formats are {', '.join(SCHEMAS)}")


def selection(asked: Mapping[str, str]) -> Selection:
    """What a list is to have. Raises AskedError."""
    if _RESUMING in asked:
        return _resumed(asked[_RESUMING])
    found = Selection(
        prefix=asked["metadataPrefix"],
        from_=asked.get("from", ""),
        until=asked.get("until", ""),
        set_=asked.get("set", ""),
    )
    try:
        since, before = found.since, found.before
    except (ValueError, OverflowError):
        raise AskedError("badArgument", "a date is as 2026-01-31 or 2026-01-31T12:00:00Z") from None
    if since is not None and before is not None:
        if len(found.from_) != len(found.until):
            raise AskedError("badArgument", "from and until are both days or both to the second")
        if since >= before:
            raise AskedError("badArgument", "from is after until")
    return found


def _resumed(token: str) -> Selection:
    try:
        said = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
        prefix, from_, until, set_, cursor = said
        found = Selection(prefix=prefix, from_=from_, until=until, set_=set_, cursor=cursor)
        if not all(isinstance(one, str) for one in said) or prefix not in SCHEMAS:
            raise ValueError  # noqa: TRY301  as everything else that is wrong with it
        _ = found.since, found.before
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        raise bad_token() from None
    return found


def bad_token() -> AskedError:
    """What a token that is not ours is answered."""
    return AskedError("badResumptionToken", "it is not one that a page before gave; begin anew")
