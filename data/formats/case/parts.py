"""The parts of a CFPackage that was read, and how they hang together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from data.errors import GatewaysError
from data.formats import fields
from data.formats.case.mapping import CASE, CHILD, Ends, ends_of
from data.formats.case.tidying import (
    Json,
    text_of,
    tidied,
    tidied_association,
    tidied_item,
)
from data.formats.fields import RowError
from data.formats.protocol import Refusal
from data.records import Dataset

ITEMS: Final = "CFItems"
ASSOCIATIONS: Final = "CFAssociations"
DOCUMENT: Final = "CFDocument"
DEFINITIONS: Final = "CFDefinitions"
RUBRICS: Final = "CFRubrics"
PARTS: Final = (DOCUMENT, ITEMS, ASSOCIATIONS)
"""The parts that become records, and what they leave over is kept with those."""


@dataclass(slots=True)
class CaseParts:
    """The items and associations of one package, and how they hang together."""

    path: Path
    document: Json
    max_text: int
    items: list[tuple[int, Json]] = field(default_factory=list)
    associations: list[tuple[int, Json, Ends]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The framework's."""
        return text_of(self.document["identifier"])

    @property
    def changed(self) -> str:
        """When the document did."""
        return text_of(self.document["lastChangeDateTime"])

    def refuse(self, part: str, line: int, reason: str) -> Refusal:
        """A refusal that names the list and the place in it."""
        return Refusal(f"{self.path}#{part}", line, reason)

    @classmethod
    def of(cls, path: Path, package: Json, document: Json, max_text: int) -> "CaseParts":
        """Take a package apart. Raises GatewaysError if a part is no list."""
        parts = cls(path, document, max_text)
        parts._take_items(_listed(package, ITEMS, path))
        parts._take_associations(_listed(package, ASSOCIATIONS, path))
        return parts

    def _take_items(self, raw: list[Any]) -> None:
        for line, item in self._objects(ITEMS, raw):
            self.items.append((line, tidied_item(item, self.changed)))
        self.ids = {text_of(item.get("identifier")) for _, item in self.items} - {""}

    def _take_associations(self, raw: list[Any]) -> None:
        for line, one in self._objects(ASSOCIATIONS, raw):
            association = tidied_association(one, self.changed)
            self.associations.append((line, association, ends_of(association)))

    def _objects(self, part: str, raw: list[Any]) -> Iterator[tuple[int, Json]]:
        for line, one in enumerate(raw, 1):
            if isinstance(one, dict):
                yield line, one
            else:
                reason = f"{fields.shown(one)} is not an object; write it as {{…}}"
                self.refusals.append(self.refuse(part, line, reason))

    def tree(self) -> dict[str, Json]:
        """Item → the first association that puts it below another item or the document."""
        found: dict[str, Json] = {}
        here = self.ids | {self.id}
        for _, association, ends in self.associations:
            if ends.type == CHILD and ends.destination in here:
                found.setdefault(ends.origin, association)
        return found

    def of_items(self) -> dict[str, list[Json]]:
        """Item → the associations that begin at it; "" has those that begin elsewhere."""
        found: dict[str, list[Json]] = {}
        for _, association, ends in self.associations:
            origin = ends.origin if ends.origin in self.ids else ""
            found.setdefault(origin, []).append(association)
        return found


def dataset_of(parts: CaseParts, package: Json) -> Dataset:
    """What a package says of itself, and all of it that no outcome keeps.

    It goes by its identifier, since a title may change, and two packages may have the same. Raises
    GatewaysError if a text of it cannot be kept.
    """
    document = parts.document
    rest = {name: value for name, value in package.items() if name not in PARTS}
    case = {DOCUMENT: document, **tidied(rest)}
    if loose := parts.of_items().get(""):
        case[ASSOCIATIONS] = loose
    language = text_of(document.get("language")).strip().replace("_", "-")
    languages = (language,) if language and fields.well_formed(language) else ()
    title = text_of(document.get("title"))
    named = {"id": parts.id, "title": title, "language": languages[0] if languages else None}
    raw = {
        "name": parts.id,
        "license": _license(document),
        "attribution": _attribution(document),
        "source": text_of(document.get("uri")),
    }
    try:
        fields.check_extra({CASE: case}, parts.max_text)
        return Dataset(
            name=fields.identifier(raw, "name").strip(),
            license=fields.optional(raw, "license", parts.max_text),
            attribution=fields.optional(raw, "attribution", parts.max_text),
            source=fields.optional(raw, "source", parts.max_text),
            languages=languages,
            extra={"frameworks": [named], CASE: case},
        )
    except RowError as error:
        raise GatewaysError(f"{parts.path}: {error}") from None


def _license(document: Json) -> str:
    link = document.get("licenseURI")
    return text_of(link.get("title")) if isinstance(link, dict) else ""


def _attribution(document: Json) -> str:
    named = (text_of(document.get(name)) for name in ("creator", "publisher"))
    return "; ".join(dict.fromkeys(name for name in named if name))


def _listed(package: Json, part: str, path: Path) -> list[Any]:
    value = package.get(part) or []
    if not isinstance(value, list):
        raise GatewaysError(f"{path}: {part} is {fields.shown(value)}; it must be a list")
    return value
