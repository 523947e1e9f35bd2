"""What someone says of a platform → its record, under one set of rules for commands and pages."""

import re
from typing import Final

from data.formats.fields import Raw, RowError, language, text
from data.records import Platform

NO_PLATFORM: Final = "none"
"""What stands for no platform where an id is asked for."""

LONGEST: Final = 200
LONGEST_NOTE: Final = 2_000
_ANY: Final = 2**31
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


def platform_of(raw: Raw, created: float) -> Platform:
    """The platform that these fields make. Raises RowError, which begins with a field's name."""
    id_, url = _text(raw, "id", LONGEST), _line(raw, "url")
    if not _ID.fullmatch(id_) or id_ == NO_PLATFORM:
        raise RowError(
            f"id has 1 to 64 characters, which are a-z, 0-9 and - within, and is not {NO_PLATFORM}"
        )
    if url is not None and not _ADDRESS.fullmatch(url):
        raise RowError("url begins with https:// or http:// and has no space")
    return Platform(
        id=id_,
        name=_needed(raw, "name"),
        operator=_needed(raw, "operator"),
        url=url,
        license=_line(raw, "license"),
        languages=tuple(_tag(one) for one in raw.get("languages", ())),
        contact=_line(raw, "contact"),
        note=_text(raw, "note", LONGEST_NOTE),
        created=created,
    )


def _needed(raw: Raw, name: str) -> str:
    if (found := _line(raw, name)) is None:
        raise RowError(f"{name} is missing")
    return found


def _line(raw: Raw, name: str) -> str | None:
    found = _text(raw, name, LONGEST)
    if not found.isprintable():
        raise RowError(f"{name} is one line of printable characters")
    return found or None


def _text(raw: Raw, name: str, most: int) -> str:
    found = text(raw, name, _ANY).strip()
    if len(found) > most:
        raise RowError(f"{name} has {len(found):,} characters; at most {most:,} are kept")
    return found


def _tag(said: str) -> str:
    found = language({"languages": said}, "languages")
    if found is None:
        raise RowError("languages has an empty one")
    return found
