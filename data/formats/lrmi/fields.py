"""An object of schema.org ↔ the fields of a resource, without loss in either direction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.formats.lrmi import schema_org
from data.formats.lrmi.alignments import ALIGNING, of_type, split
from data.formats.lrmi.json_ld import EXTRA
from data.formats.lrmi.schema_org import first
from data.formats.rows import FIELDS
from data.records import Resource

MINUTES: Final = "duration_minutes"
LEARNING: Final = "LearningResource"
_KINDS: Final = {
    "Article": "article",
    "AudioObject": "audio",
    "Book": "book",
    "Course": "course",
    "DigitalDocument": "document",
    "ImageObject": "image",
    "Quiz": "quiz",
    "VideoObject": "video",
}
_STANDS_IN: Final = {"name": "headline", "description": "abstract", "text": "articleBody"}


@dataclass(frozen=True, slots=True)
class Property:
    """How one property becomes one field, and back; None is what says nothing."""

    name: str
    field: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _identifier(value: Any) -> str | None:
    if isinstance(value, list):
        return next((found for item in value if (found := _identifier(item))), None)
    if isinstance(value, dict):
        return _identifier(value.get("value")) or first(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**18 else None
    return value if isinstance(value, str) and value.strip() else None


def _language(value: Any) -> str | None:
    for item in value if isinstance(value, list) else [value]:
        said = item.get("alternateName") or item.get("name") if isinstance(item, dict) else item
        if isinstance(said, str) and said:
            return said.replace("_", "-")
    return None


def _licence(value: Any) -> str | None:
    found = schema_org.address(value)
    return schema_org.licence_name(found) if found else None


def _list(value: Any) -> list[str] | None:
    return [text for text in schema_org.texts(value) if text] or None


PROPERTIES: Final = (
    Property("identifier", "id", _identifier, _same),
    Property("name", "title", first, _same),
    Property("description", "description", first, _same),
    Property("text", "text", first, _same),
    Property("learningResourceType", "kind", first, _same),
    Property("about", "subject", first, lambda name: {"@type": "Thing", "name": name}),
    Property("educationalLevel", "levels", _list, _same),
    Property("inLanguage", "language", _language, _same),
    Property("url", "url", schema_org.address, _same),
    Property("license", "license", _licence, schema_org.licence_url),
    Property("timeRequired", MINUTES, schema_org.minutes, schema_org.duration_of),
)
_NAMES = frozenset(one.name for one in PROPERTIES)


def fields_of(node: Mapping[str, Any]) -> dict[str, Any]:
    """The raw fields of a resource; what they do not say in full is kept under its long name."""
    raw: dict[str, Any] = {}
    for one in PROPERTIES:
        value = node.get(one.name)
        if (found := one.read(value)) is not None:
            raw[one.field] = found
        if value is not None and (found is None or not _agree(one.write(found), value)):
            raw[schema_org.IRI + one.name] = value
    _fill(raw, node)
    for name, value in node.items():
        if name not in _NAMES and name not in ALIGNING and name not in ("@id", "@type"):
            raw[_kept_as(name)] = value
    for name, left in split(node).left.items():
        raw[schema_org.IRI + name] = left
    return raw


def node_of(resource: Resource) -> dict[str, Any]:
    """The object that says what a resource says, without its alignments."""
    extra = dict(resource.extra)
    node: dict[str, Any] = {"@type": extra.pop("@type", LEARNING)}
    if (name := extra.pop("@id", None)) is not None:
        node["@id"] = name
    for one in PROPERTIES:
        value = extra.get(MINUTES) if one.field == MINUTES else getattr(resource, one.field)
        value = list(value) if isinstance(value, tuple) else value
        kept = extra.pop(schema_org.IRI + one.name, None)
        written = None if value in (None, "", []) else one.write(value)
        if kept is not None and one.read(kept) == (None if written is None else value):
            written = kept
        if written is not None:
            node[one.name] = written
            if one.field == MINUTES:
                extra.pop(MINUTES, None)
    return node | {_written_as(name): value for name, value in extra.items()}


def _agree(one: Any, other: Any) -> bool:
    """Whether two values say the same; in JSON-LD one value is a list of one."""
    return other in (one, [one]) or one == [other]


def _fill(raw: dict[str, Any], node: Mapping[str, Any]) -> None:
    """Fill what is missing from what says it in another way, and keep that, too."""
    for name, other in _STANDS_IN.items():
        field = {"name": "title"}.get(name, name)
        if field not in raw and (found := first(node.get(other))):
            raw[field] = found
    types = [text for text in schema_org.texts(node.get("@type")) if text]
    if types != [LEARNING] and types:
        raw["@type"] = node["@type"]
    if "kind" not in raw and (kind := next((_KINDS[one] for one in types if one in _KINDS), None)):
        raw["kind"] = kind
    if "subject" not in raw and (subjects := of_type(node, "educationalSubject")):
        raw["subject"] = subjects[0]
    if "levels" not in raw and (levels := of_type(node, "educationalLevel")):
        raw["levels"] = levels
    _name(raw, node.get("@id"))


def _name(raw: dict[str, Any], iri: Any) -> None:
    """Take the object's address for its id, and for its own address, where it has none."""
    is_global = isinstance(iri, str) and ":" in iri and not iri.startswith("_:")
    if "id" not in raw and is_global:
        raw["id"] = iri
        if "url" not in raw and iri.startswith(("https://", "http://")):
            raw["url"] = iri
    if "id" not in raw and "url" in raw:
        raw["id"] = raw["url"]
    if is_global and iri != raw["id"]:
        raw["@id"] = iri


def _kept_as(name: str) -> str:
    if name.startswith(EXTRA) and name.removeprefix(EXTRA) not in FIELDS[Resource]:
        return name.removeprefix(EXTRA)
    is_plain = name in schema_org.PROPERTIES or ":" in name or name.startswith("@")
    return name if is_plain else schema_org.IRI + name


def _written_as(name: str) -> str:
    if name.startswith(schema_org.IRI):
        return name.removeprefix(schema_org.IRI)
    return name if name in schema_org.PROPERTIES or ":" in name else f"extra:{name}"
