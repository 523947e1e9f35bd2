"""What a form of a list's page sent → a change of the list. Raises InvalidError."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from starlette.datastructures import FormData

from data.records import ResourceList
from data.settings import Settings
from service.access.admitting import admitted_text
from service.http.problems import InvalidError
from service.web.forms import text_in
from service.web.lists import changes

LONGEST_TITLE: Final = 120
LONGEST_NOTE: Final = 2_000
Change: TypeAlias = Callable[[ResourceList], ResourceList]


def change_of(settings: Settings, sent: FormData) -> Change:
    """What the button that was pressed does."""
    done = next((name for name in _DONE if name in sent), None)
    if done is None:
        raise InvalidError("#", f"nothing to do was sent; there are {', '.join(_DONE)}")
    return _DONE[done](settings, sent)


def title_in(settings: Settings, sent: FormData) -> str:
    """The title, which must be there."""
    title = " ".join(text_in(sent, "title").split())
    if not title:
        raise InvalidError("#/title", "give the list a title")
    return _checked(settings, "#/title", title, LONGEST_TITLE)


def _note(settings: Settings, sent: FormData) -> str:
    return _checked(settings, "#/note", text_in(sent, "note").strip(), LONGEST_NOTE)


def _checked(settings: Settings, pointer: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise InvalidError(pointer, f"has {len(text):,} characters; the limit is {longest:,}")
    return admitted_text(settings, text)


def _renamed(settings: Settings, sent: FormData) -> Change:
    title, note = title_in(settings, sent), _note(settings, sent)
    return lambda kept: replace(kept, title=title, note=note)


def _noted(settings: Settings, sent: FormData) -> Change:
    resource, note = text_in(sent, "noted"), _note(settings, sent)
    return lambda kept: changes.noted(kept, resource, note)


def _removed(_: Settings, sent: FormData) -> Change:
    return lambda kept: changes.removed(kept, text_in(sent, "removed"))


def _raised(_: Settings, sent: FormData) -> Change:
    return lambda kept: changes.moved(kept, text_in(sent, "raised"), -1)


def _lowered(_: Settings, sent: FormData) -> Change:
    return lambda kept: changes.moved(kept, text_in(sent, "lowered"), 1)


_DONE: Final[Mapping[str, Callable[[Settings, FormData], Change]]] = {
    "renamed": _renamed,
    "noted": _noted,
    "removed": _removed,
    "raised": _raised,
    "lowered": _lowered,
}
