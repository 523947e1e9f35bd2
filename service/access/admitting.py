"""Fields from outside → a resource, under the same rules as an import."""

from collections.abc import Mapping
from typing import Any, cast

from data.formats.fields import RowError, checked_text
from data.formats.rows import FIELDS, record
from data.records import Resource
from data.settings import Settings
from service.http.problems import InvalidError


def admitted(settings: Settings, raw: Mapping[str, Any]) -> Resource:
    """The resource that these fields make; unknown ones become `extra`. Raises InvalidError."""
    try:
        return cast(Resource, record(Resource, raw, settings.max_text))
    except RowError as error:
        field = str(error).split(" ", 1)[0]  # such a message begins with the field's name
        raise InvalidError(f"#/{field}" if field in FIELDS[Resource] else "#", str(error)) from None


def admitted_text(settings: Settings, text: str) -> str:
    """A text that is short enough and that can be kept. Raises InvalidError."""
    try:
        return checked_text(text, "text", settings.max_text)
    except RowError as error:
        raise InvalidError("#/text", str(error)) from None
