"""How others write languages → BCP 47, and which of several languages a text is taken in."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

Spoken: TypeAlias = tuple[str, str | None]
"""A text, and the language that its source says it is in."""

_NONE = frozenset({"und", "zxx", "mul", "mis"})


@lru_cache(maxsize=1_000)
def tag_of(written: str) -> str | None:
    """The BCP 47 tag of a code (`eng`, `ger`, `pt_BR`, `x-none`); None if it names no language."""
    from langcodes import Language, standardize_tag
    from langcodes.tag_parser import LanguageTagError

    try:
        tag = standardize_tag(written.strip())
        known = Language.get(tag).is_valid()
    except (LanguageTagError, ValueError):
        return None
    return tag if known and tag not in _NONE and not tag.startswith("x-") else None


def first_tag(written: Iterable[str | None]) -> str | None:
    """The first of them that names a language."""
    return next((tag for one in written if one and (tag := tag_of(one))), None)


def spoken_in(texts: Sequence[Spoken], language: str | None) -> list[str]:
    """Those in the language; else those in none that is named; else those in the first one's."""
    for wanted in (language, None):
        if found := [text for text, said in texts if _same(said, wanted)]:
            return found
    return [text for text, said in texts if _same(said, tag_of(texts[0][1] or ""))]


def _same(said: str | None, wanted: str | None) -> bool:
    tag = tag_of(said) if said else None
    return (tag or "").split("-")[0] == (wanted or "").split("-")[0]
