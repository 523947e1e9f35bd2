"""A CFPackage of CASE 1.1 → one of 1.0: without what 1.0 has no place for."""

from typing import Any, Final, Literal, TypeAlias

from data.formats.case.mapping import CHILD, EXEMPLAR, MATCHES, PRECEDES
from data.formats.case.parts import ASSOCIATIONS, DEFINITIONS, DOCUMENT, ITEMS, RUBRICS
from data.formats.case.tidying import Json, text_of

Version: TypeAlias = Literal["1.0", "1.1"]

LINK: Final = ("title", "identifier", "uri")
TYPES_1_0: Final = frozenset((CHILD, PRECEDES, EXEMPLAR, *MATCHES, "isPeerOf", "hasSkillLevel"))
_PARTS = (DOCUMENT, ITEMS, ASSOCIATIONS, DEFINITIONS, RUBRICS)
_ONLY_1_1 = {
    DOCUMENT: ("frameworkType", "caseVersion"),
    ITEMS: ("subject", "subjectURI"),
    ASSOCIATIONS: ("notes",),
}


def package_in(version: Version, package: Json) -> Json:
    """The package as that version of CASE has it."""
    if version == "1.1":
        return package
    return {part: part_in(version, part, package[part]) for part in _PARTS if part in package}


def part_in(version: Version, part: str, value: Any) -> Any:
    """One part of a package, or one object of it, as that version of CASE has it."""
    if version == "1.1":
        return value
    if isinstance(value, list):
        return [part_in(version, part, one) for one in value if has_place(version, part, one)]
    if not isinstance(value, dict):
        return value
    only = _ONLY_1_1.get(part, ())
    return {name: _plain(name, inner) for name, inner in value.items() if _stays(name, only)}


def has_place(version: Version, part: str, value: Any) -> bool:
    """Whether that version has such an object at all."""
    if version == "1.1" or part != ASSOCIATIONS:
        return True
    return text_of(value.get("associationType")) in TYPES_1_0


def _stays(name: str, only_1_1: tuple[str, ...]) -> bool:
    return name != "extensions" and name not in only_1_1


def _plain(name: str, value: Any) -> Any:
    """The value without extensions; a link is its three fields."""
    if isinstance(value, list):
        return [_plain(name, one) for one in value]
    if not isinstance(value, dict):
        return value
    if name.endswith("URI"):
        return {key: value[key] for key in LINK if key in value}
    return {key: _plain(key, inner) for key, inner in value.items() if key != "extensions"}
