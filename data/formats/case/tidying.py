"""What senders of CASE packages get wrong → as the standard has it. Nothing else is changed."""

import json
import re
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

Json: TypeAlias = dict[str, Any]

NAMESPACE: Final = UUID("5a0c1f6e-3f0b-4a55-9d5e-0f6c1b7f2d43")
"""Of the identifiers that we derive of other ids; never to be changed."""

_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_NAIVE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_DEEPEST = 100  # what is nested deeper is refused when it is checked
_EPOCH = "1970-01-01T00:00:00Z"


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID as CASE writes it."""
    return _UUID.fullmatch(text) is not None


def derived(kind: str, *parts: str) -> str:
    """The UUID of what has none: the same for the same parts, everywhere and always."""
    name = "\n".join((kind, *parts)).encode("utf-8", "backslashreplace")
    return str(uuid5(NAMESPACE, name.decode()))


def tidied_document(raw: Json) -> Json:
    """A CFDocument with all that it must have."""
    found = tidied(raw)
    identifier = text_of(found.get("identifier"))
    found.setdefault("title", identifier)
    found.setdefault("creator", found.get("publisher") or "unknown")
    return _complete(found, identifier, _EPOCH)


def tidied_item(raw: Json, changed: str) -> Json:
    """A CFItem; `changed` is when it did if it does not say so."""
    found = tidied(raw)
    if levels := found.pop("educationalLevel", None):
        found.setdefault("educationLevel", levels)
    return _complete(found, text_of(found.get("identifier")), changed)


def tidied_association(raw: Json, changed: str) -> Json:
    """A CFAssociation, with an identifier of its own."""
    found = tidied(raw)
    if not text_of(found.get("identifier")):
        found["identifier"] = derived("association", json.dumps(found, sort_keys=True))
    return _complete(found, text_of(found["identifier"]), changed)


def tidied(value: Any, name: str = "", depth: int = 0) -> Any:
    """The value without nulls, with links as objects and times that name their zone."""
    if depth > _DEEPEST:
        return value
    if name.endswith("URI") and not isinstance(value, list):
        return _link(value, name, depth)
    if isinstance(value, dict):
        named = {key: tidied(inner, key, depth + 1) for key, inner in value.items()}
        return {key: inner for key, inner in named.items() if not _says_nothing(key, inner)}
    if isinstance(value, list):
        # A list of links is named as one of them is.
        items = [tidied(inner, name, depth + 1) for inner in value]
        return [inner for inner in items if inner is not None]
    return _scalar(name, value.strip(), value) if isinstance(value, str) else value


def text_of(value: Any) -> str:
    """A text, "" for what is none; numbers are taken for the text that they should be."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _scalar(name: str, text: str, as_given: str) -> str | int:
    if name == "lastChangeDateTime" and (naive := _NAIVE.fullmatch(text)):
        return f"{naive[1]}T{naive[2]}Z"
    if name == "sequenceNumber" and _WHOLE.fullmatch(text):
        return int(text)
    return as_given


def _says_nothing(name: str, value: Any) -> bool:
    # An empty array stands where an object is due, as some languages write an empty one.
    return value is None or (value == [] and (name.endswith("URI") or name == "CFDefinitions"))


def _link(value: Any, name: str, depth: int) -> Any:
    """A link as title, identifier and uri, of which the sender may have given one alone."""
    if value in (None, "", {}):
        return None
    if not isinstance(value, str | dict):
        return value
    given = {"uri": value} if isinstance(value, str) else tidied(value, "", depth)
    uri, identifier = text_of(given.get("uri")), text_of(given.get("identifier"))
    if not identifier:
        found = _UUID.search(uri)
        identifier = found[0] if found else derived("link", uri)
    title = text_of(given.get("title")) or name.removesuffix("URI")
    return {**given, "title": title, "identifier": identifier, "uri": uri or _urn(identifier)}


def _complete(found: Json, identifier: str, changed: str) -> Json:
    if identifier:
        found["identifier"] = identifier
    found.setdefault("uri", _urn(identifier))
    found.setdefault("lastChangeDateTime", changed)
    return found


def _urn(identifier: str) -> str:
    return f"urn:uuid:{identifier}"
