"""What someone says of a source → one that is kept: one set of rules for commands and pages."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from data.catalogue import Catalogue
from data.errors import FieldError, GatewaysError, NotFoundError
from data.formats.fields import ID_LIMIT, RowError, language
from data.harvesting.holding import holding
from data.harvesting.progress import State
from data.harvesting.timetable import EVERY, LONGEST_HOURS
from data.harvesting.urls import place_of
from data.records import Source

LONGEST: Final = 200
OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "oai": ("set", "prefix", "language", "license", EVERY),
    "case": ("documents", "license", EVERY),
}
"""Kind of a source → what may be said of it besides its address."""

_LONGEST_OF: Final = {"documents": 20_000}


def note(catalogue: Catalogue, said: Mapping[str, str], by: str = "") -> Source:
    """Keep a new source; nothing is asked of it. `by` is the key of who adds it.

    `said` has its name, kind and url, and may have a platform and the options of its kind. Raises
    FieldError, ConflictError and, for the platform, NotFoundError.
    """
    kind = said.get("kind", "")
    if kind not in OPTIONS:
        raise FieldError("kind", f"is one of {', '.join(OPTIONS)}")
    source = Source(
        name=_name(said.get("name", "")),
        kind=kind,
        url=_url(said.get("url", "")),
        options=_options(kind, said),
        platform=said.get("platform") or None,
        created=time.time(),
    )
    catalogue.sources.add(source, by)
    return source


def change(catalogue: Catalogue, name: str, said: Mapping[str, str], by: str = "") -> Source:
    """Put what is said now in place of a source's options and platform.

    Where something else is asked for, or taken where a record says nothing, the next harvest asks
    for everything. Raises FieldError, NotFoundError, and ConflictError while it is harvested.
    """
    if catalogue.sources.get(name) is None:
        raise NotFoundError(f"source {name!r} is not known; `sources list` names them")
    with holding(catalogue, name) as check:
        kept = catalogue.sources.get(name)
        if kept is None:  # it was removed meanwhile
            raise NotFoundError(f"source {name!r} is not known; `sources list` names them")
        options = _options(kept.kind, said)
        state = kept.state
        if _asked(options) != _asked(kept.options):
            state = State.of(kept.state).anew().kept()
        changed = replace(kept, options=options, state=state, platform=said.get("platform") or None)
        check()
        catalogue.sources.change(changed, by)
    return changed


def _name(name: str) -> str:
    if not 0 < len(name) <= ID_LIMIT or not name.isprintable():
        raise FieldError("name", f"has 1 to {ID_LIMIT} printable characters")
    return name


def _url(url: str) -> str:
    try:
        place_of(url)
    except GatewaysError as error:
        raise FieldError("url", str(error)) from None
    return url


def _options(kind: str, said: Mapping[str, str]) -> dict[str, str]:
    known = {option for options in OPTIONS.values() for option in options}
    given = {option: said[option] for option in known if said.get(option)}
    for option in sorted(given.keys() - set(OPTIONS[kind])):
        raise FieldError(option, f"does not go with {kind}")
    for option, value in given.items():
        if not value.isprintable() or len(value) > _LONGEST_OF.get(option, LONGEST):
            raise FieldError(option, f"has at most {LONGEST} printable characters")
    hours = given.get(EVERY, "1")
    if not (hours.isascii() and hours.isdigit() and 0 < int(hours) <= LONGEST_HOURS):
        raise FieldError(EVERY, f"is a whole number of hours, 1 to {LONGEST_HOURS:,}")
    try:
        language(given)
    except RowError as error:
        raise FieldError("language", str(error).removeprefix("language ")) from None
    return given


def _asked(options: Mapping[str, str]) -> dict[str, str]:
    return {option: value for option, value in options.items() if option != EVERY}
