"""What can be known of a language without guessing: its shortest code and its script."""

from collections.abc import Collection
from functools import lru_cache

import langcodes
import regex
from langcodes.tag_parser import LanguageTagError

_LETTERS = regex.compile(r"\p{L}")
_LATIN = regex.compile(r"\p{Latin}")


# Tags that name no language: undetermined, several, uncoded, none.
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})


@lru_cache(maxsize=1000)
def primary(tag: str) -> str:
    """The language of a BCP 47 tag by its shortest code: `pt` for `pt-BR`, `en` for `eng`.

    Empty for a tag that names none.
    """
    try:
        language = langcodes.Language.get(tag).language or ""
    except LanguageTagError:
        return ""
    return "" if language in _NO_LANGUAGE else language


def unsupported_script(text: str, spoken: Collection[str]) -> bool:
    """Whether most letters of `text` are outside the one script of an English-only encoder.

    Of other encoders it is not asked, since a script alone does not tell a language.
    """
    if set(spoken) != {"en"}:
        return False
    letters = len(_LETTERS.findall(text))
    return len(_LATIN.findall(text)) * 2 < letters
