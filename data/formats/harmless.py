"""Texts that a spreadsheet does not run as a formula."""

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """The text, with an apostrophe before what would begin a formula (OWASP, «CSV Injection»)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
