"""How Kolibri writes things: codes of languages, ids, flags."""

from functools import lru_cache
from typing import Any, Final
from uuid import UUID

TOPIC: Final = "topic"


@lru_cache(maxsize=1_000)
def bcp47(code: str) -> str:
    """The BCP 47 tag of a language's code: `ha` for `hau`, `zh-CN` for `zh_CN`; others stay."""
    from langcodes import standardize_tag
    from langcodes.tag_parser import LanguageTagError

    try:
        return str(standardize_tag(code.strip()))
    except LanguageTagError:
        return code


def language(said: Any) -> Any:
    """The tag of a language that is told by its code, or by an object that has it."""
    if isinstance(said, dict):
        said = said.get("id") or said.get("lang_code")
    return bcp47(said) if isinstance(said, str) and said else said


def hexadecimal(id_: Any) -> Any:
    """A UUID without hyphens, as Kolibri keeps it; any other id stays."""
    if isinstance(id_, str) and len(id_) == 36:
        try:
            return UUID(id_).hex
        except ValueError:
            return id_
    return id_


def hyphenated(id_: str) -> str:
    """A UUID with hyphens, as Kolibri's services send it; any other id stays."""
    if len(id_) == 32:
        try:
            return str(UUID(id_))
        except ValueError:
            return id_
    return id_
