"""One raw value → one checked value. A fault is a RowError that a person can act on."""

import json
import math
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

Raw = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)

ID_LIMIT = 500  # characters: PostgreSQL indexes keys of up to 2,704 bytes
_DEEPEST = 100
_POSITIONS = range(-(2**31), 2**31)  # what an integer column holds in every database
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # an id would pass for another one
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class RowError(ValueError):
    """Why a row cannot be taken in."""


def shown(value: object) -> str:
    """Name a value in a message: short, on one line and printable."""
    if isinstance(value, str):
        return f'"{repr(value if len(value) <= 60 else value[:60] + "…")[1:-1]}"'
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return json.dumps(value)[:60]


def checked_text(value: Any, name: str, limit: int) -> str:
    """Return `value` if it is a text of at most `limit` characters that any database can hold."""
    if not isinstance(value, str):
        raise RowError(f"{name} is {shown(value)}; it must be a text in quote marks")
    if len(value) > limit:
        raise RowError(
            f"{name} has {len(value):,} characters; the limit is {limit:,}: "
            "shorten it or raise GATEWAYS_MAX_TEXT"
        )
    if "\x00" in value:
        raise RowError(f"{name} holds a NUL character; remove it")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise RowError(f"{name} holds half of a surrogate pair; write it whole") from None
    return value


def text(raw: Raw, name: str, limit: int) -> str:
    """Return a text, "" when absent."""
    value = raw.get(name)
    return "" if value is None else checked_text(value, name, limit)


def optional(raw: Raw, name: str, limit: int) -> str | None:
    """Return a text, None when absent or empty."""
    return text(raw, name, limit) or None


def optional_id(raw: Raw, name: str) -> str | None:
    """Return an id, None when absent or empty."""
    value = raw.get(name)
    if value is None or value == "":
        return None
    if len(found := checked_text(value, name, 2**31)) > ID_LIMIT:
        raise RowError(f"{name} has {len(found):,} characters; an id may have {ID_LIMIT}")
    if not found.isascii() and (turns := _TURNS.search(found)):
        raise RowError(
            f"{name} holds U+{ord(turns[0]):04X}, which turns round how text is shown; remove it"
        )
    return found


def identifier(raw: Raw, name: str) -> str:
    """Return an id that must be there."""
    found = optional_id(raw, name)
    if found is None or not found.strip():
        raise RowError(f"{name} is missing")
    return found


def language(raw: Raw, name: str = "language") -> str | None:
    """Return a well-formed BCP 47 tag, whether or not the language is known; None when absent."""
    tag = optional(raw, name, 1_000)
    if tag is not None and not well_formed(tag):
        raise RowError(
            f"{name} is {shown(tag)}; it must be a BCP 47 tag such as en, pt-BR or zh-Hant"
        )
    return tag


@lru_cache(maxsize=1_000)
def well_formed(tag: str) -> bool:
    """Whether `tag` has the form of a language tag (RFC 5646, section 2.2.9)."""
    from langcodes import Language
    from langcodes.tag_parser import LanguageTagError

    try:
        return bool(Language.get(tag, normalize=False))
    except LanguageTagError:
        return False


def texts(raw: Raw, name: str, limit: int) -> tuple[str, ...]:
    """Return a list of texts as a tuple, empty when absent."""
    value = raw.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise RowError(f"{name} is {shown(value)}; it must be a list of texts")
    return tuple([checked_text(item, name, limit) for item in value])


def position(raw: Raw, name: str = "position") -> int:
    """Return an integer of 32 bits, 0 when absent."""
    value = raw.get(name)
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or value not in _POSITIONS:
        raise RowError(f"{name} is {shown(value)}; it must be an integer below 2,147,483,648")
    return value


def flag(raw: Raw, name: str, default: bool) -> bool:
    """Return true or false."""
    value = raw.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise RowError(f"{name} is {shown(value)}; it must be true or false")
    return value


def number(raw: Raw, name: str) -> float | None:
    """Return a finite number that may be written as a text, None when absent."""
    value = raw.get(name)
    if value is None or value == "":
        return None
    if not math.isfinite(found := _float(value)):
        raise RowError(f"{name} is {shown(value)}; it must be a number")
    return found


def _float(value: object) -> float:
    # Python alone reads true and 1_000 as numbers.
    if isinstance(value, bool) or (isinstance(value, str) and "_" in value):
        return math.nan
    try:
        return float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        return math.nan


def choice(raw: Raw, name: str, options: type[E]) -> E | None:
    """Return one of the words of `options`, None when absent."""
    value = raw.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in options._value2member_map_:
        allowed = ", ".join(options)
        raise RowError(f"{name} is {shown(value)}; it must be one of {allowed}")
    return options(value)


def check_extra(extra: Raw, limit: int) -> None:
    """Check every name and every text, however deep, of fields that are kept uninterpreted."""
    below: list[tuple[str, Any, int]] = [("extra", extra, 1)]
    while below:
        name, container, depth = below.pop()
        if isinstance(container, list):
            named = [(name, item) for item in container]
        else:
            named = [(checked_name(inner), item) for inner, item in container.items()]
        for inner, item in named:
            if isinstance(item, str):
                checked_text(item, inner, limit)
            elif isinstance(item, dict | list):
                if depth == _DEEPEST:
                    raise RowError(f"{inner} is nested more than {_DEEPEST} deep")
                below.append((inner, item, depth + 1))


@lru_cache(maxsize=1_000)
def checked_name(name: str) -> str:
    """Return the name of a field if a database can hold it."""
    return checked_text(name, f"the field name {shown(name)}", ID_LIMIT)


def from_cell(name: str, cell: str) -> Any:
    """Type the cell of a table for its field; what does not fit stays a text, to be refused."""
    if name == "levels":
        return [level for part in cell.split(";") if (level := part.strip())]
    if name == "position" and _WHOLE.fullmatch(cell):
        return int(cell)
    if name == "assignable":
        return _FLAGS.get(cell.casefold(), cell)
    return cell
