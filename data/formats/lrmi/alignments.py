"""What an object of schema.org says of outcomes: which it teaches, assesses or requires."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from data.formats.fields import ID_LIMIT
from data.formats.lrmi import schema_org
from data.records import Relation

ALIGNMENT: Final = "educationalAlignment"
RELATIONS: Final = {
    "teaches": Relation.TEACHES,
    "assesses": Relation.ASSESSES,
    "competencyRequired": Relation.REQUIRES,
}
ALIGNING: Final = (*RELATIONS, ALIGNMENT)
_NAMES = (
    "@type @id identifier termCode name url inDefinedTermSet alignmentType targetName"
    " targetDescription targetUrl educationalFramework"
)
_KNOWN = frozenset(_NAMES.split())


@dataclass(slots=True)
class Split:
    """Raw alignments without their resource, and by property what names no outcome."""

    alignments: list[dict[str, Any]] = field(default_factory=list)
    left: dict[str, list[Any]] = field(default_factory=dict)


def split(node: Mapping[str, Any]) -> Split:
    """Tell what names an outcome from what does not; what is said twice counts once."""
    found, seen = Split(), set()
    for name in ALIGNING:
        for value in _listed(node.get(name)):
            relation = RELATIONS.get(name) or _relation(value)
            outcome = outcome_named(value) if relation else None
            if relation is None or outcome is None:
                found.left.setdefault(name, []).append(value)
            elif (outcome, relation) not in seen:
                seen.add((outcome, relation))
                raw = {"outcome": outcome, "relation": relation.value}
                more = _more(value)
                found.alignments.append(raw | ({"target": more} if more else {}))
    return found


def of_type(node: Mapping[str, Any], kind: str) -> list[str]:
    """What the alignments of a type that is not about outcomes are to."""
    values = _listed(node.get(ALIGNMENT))
    return [
        name
        for value in values
        if isinstance(value, dict)
        and _alignment_type(value) == kind.lower()
        and (name := schema_org.first(value.get("targetName")))
    ]


def outcome_named(value: Any) -> str | None:
    """The id that a text or an object gives an outcome.

    Its identifier, else its code, else what ends its address. A text with a space in it is prose.
    """
    if isinstance(value, str):
        return _in_address(value) if value and not any(map(str.isspace, value)) else None
    if not isinstance(value, dict):
        return None
    for name in ("identifier", "termCode"):
        for one in _listed(value.get(name)):
            said = one.get("value") if isinstance(one, dict) else one
            if isinstance(said, str) and said.strip() and len(said) <= ID_LIMIT:
                return said
    places = (value.get(name) for name in ("targetUrl", "url", "@id"))
    found = next((place for place in map(schema_org.address, places) if place), None)
    return _in_address(found) if found and not found.startswith("_:") else None


def _in_address(place: str) -> str | None:
    """What ends an address of the web, or else the whole of it."""
    if len(place) > ID_LIMIT:
        return None
    try:
        parts = urlsplit(place)
    except ValueError:
        return place
    if parts.scheme not in ("http", "https") or parts.query:
        return place
    last = parts.fragment or parts.path.rstrip("/").rpartition("/")[2]
    return unquote(last, errors="replace") or place


def _relation(value: Any) -> Relation | None:
    said = _alignment_type(value) if isinstance(value, dict) else ""
    return Relation(said) if said in set(Relation) else None


def _alignment_type(value: Mapping[str, Any]) -> str:
    said = schema_org.first(value.get("alignmentType")) or ""
    return said.replace("#", "/").rpartition("/")[2].lower()


def _more(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {name: item for name, item in value.items() if name not in _KNOWN}


def _listed(value: Any) -> Iterator[Any]:
    if value is not None:
        yield from value if isinstance(value, list) else [value]
