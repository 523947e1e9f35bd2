"""The reader's language: its messages, its direction, its numbers and times.

A language is a file of `translations/`, named by its tag; English is what the templates say.
"""

import io
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from langcodes import closest_supported_match, tag_is_valid
from starlette.requests import Request

from service.http.languages import COOKIE, accepted_by

SOURCE: Final = "en"
AROUND: Final = "language_around"
"""What a request's state calls the language of the site that a page stands in."""

TRANSLATIONS: Final = Path(__file__).parent / "translations"
# Locales differ in which digits they write; this takes each one's own.
_DIGITS: Final = "default"


def message(text: str) -> str:
    """Mark a text that a template will translate."""
    return text


@dataclass(frozen=True, slots=True)
class Wording:
    """How one language says things; every method answers with text to be read."""

    locale: Locale
    messages: NullTranslations

    @property
    def tag(self) -> str:
        """BCP 47."""
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(self.locale.text_direction)

    @property
    def name(self) -> str:
        """What the language calls itself."""
        found = str(self.locale.get_display_name(self.locale))
        return found[:1].upper() + found[1:]

    def number(self, value: float, digits: int | None = None) -> str:
        """A number, with this many digits after the point where that is given."""
        form = None if digits is None else f"#,##0.{'0' * digits}" if digits else "#,##0"
        return format_decimal(value, form, self.locale, numbering_system=_DIGITS)

    def percent(self, share: float) -> str:
        """A share between 0 and 1; what is neither none nor all is not rounded to either."""
        bounded = share if share in (0, 1) else min(0.99, max(0.01, share))
        return format_percent(bounded, locale=self.locale, numbering_system=_DIGITS)

    def day(self, seconds: float) -> str:
        """The date of a moment in Unix seconds, in UTC."""
        return format_date(_moment(seconds), "long", self.locale)

    def written_day(self, text: str) -> str:
        """The date of a time in ISO 8601, as registries write it."""
        return format_date(datetime.fromisoformat(text), "long", self.locale)

    def moment(self, seconds: float) -> str:
        """Date and time of day, in UTC."""
        return f"{format_datetime(_moment(seconds), 'medium', locale=self.locale)} UTC"

    def ago(self, seconds: float) -> str:
        """How long ago a moment was."""
        past = timedelta(seconds=min(-1.0, seconds - time.time()))
        return format_timedelta(past, add_direction=True, locale=self.locale)

    def duration(self, seconds: float) -> str:
        """A length of time, to its largest unit."""
        return format_timedelta(timedelta(seconds=seconds), threshold=1.2, locale=self.locale)


@cache
def offered() -> Mapping[str, Wording]:
    """Tag → wording, English first; read once in the life of the process."""
    english = Wording(Locale.parse(SOURCE), NullTranslations())
    files = sorted(TRANSLATIONS.glob("*.po"))
    return {SOURCE: english} | {file.stem: _read(file) for file in files}


def chosen(request: Request) -> Wording:
    """What the reader picked, else the closest to what their browser asks for, else English.

    A page inside another site speaks that site's language before the browser's.
    """
    there = offered()
    picked = request.cookies.get(COOKIE, "")
    if picked in there:
        return there[picked]
    around = getattr(request.state, AROUND, "").replace("_", "-")
    accepted = accepted_by(request)
    for wanted in (around, *accepted) if tag_is_valid(around) else accepted:
        found = closest_supported_match(wanted, list(there))
        if found is not None:
            return there[found]
    return there[SOURCE]


_current: ContextVar[Wording] = ContextVar("wording")


@contextmanager
def speaking(wording: Wording) -> Iterator[None]:
    """Have `current` be this one."""
    token = _current.set(wording)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Wording:
    """The wording of the page that is being made."""
    return _current.get()


def _read(file: Path) -> Wording:
    locale = Locale.parse(file.stem, sep="-")
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Wording(locale, Translations(compiled))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
