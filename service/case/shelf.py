"""Our frameworks as CASE packages, each made once for as long as the catalogue says the same."""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any

from data.case_exporter import CaseChoice, case_heads, case_package
from data.catalogue import Catalogue
from data.formats.case.mapping import identifier_of
from data.formats.case.parts import ASSOCIATIONS, DEFINITIONS, RUBRICS
from data.formats.case.tidying import Json
from data.formats.case.versions import Version, package_in
from data.formats.case.writer import FRAMEWORK, OUTCOME, CaseWriter

KEPT = 4  # packages in memory
_WHOLE = CaseChoice(version="1.1", alignments=True)


class CaseShelf:
    """Gives the packages of the catalogue as it is now."""

    def __init__(self, catalogue: Catalogue, public_url: str) -> None:
        self._catalogue = catalogue
        self._public_url = public_url
        self._lock = Lock()
        self._stock: Stock | None = None

    def stock(self) -> "Stock":
        """What there is; keep it for the whole of a request."""
        said = (self._catalogue.teaching_mark(), self._catalogue.datasets.imported())
        mark = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
        with self._lock:
            if self._stock is None or self._stock.mark != mark:
                self._stock = Stock(self._catalogue, self._public_url, mark)
            return self._stock


@dataclass
class Stock:
    """One state of the catalogue in the words of CASE 1.1; things are found by identifier."""

    catalogue: Catalogue
    public_url: str
    mark: str
    _packages: OrderedDict[str, Json] = field(default_factory=OrderedDict)
    _bodies: OrderedDict[tuple[str, str], bytes] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def writers(self) -> dict[str, CaseWriter]:
        """Identifier → what writes the document of a framework."""
        return {
            identifier_of(FRAMEWORK, id_): CaseWriter(head, self.public_url)
            for id_, head in self._heads.items()
        }

    def documents(self) -> list[Json]:
        """Every CFDocument, by the id of its framework."""
        return [_document(writer) for writer in self.writers.values()]

    def document(self, identifier: str) -> Json | None:
        """One CFDocument."""
        writer = self.writers.get(identifier)
        return _document(writer) if writer else None

    def package(self, identifier: str) -> Json | None:
        """One CFPackage."""
        if identifier not in self.writers:
            return None
        with self._lock:
            found = self._packages.pop(identifier, None) or case_package(
                self.catalogue, self._frameworks[identifier], self.public_url, _WHOLE
            )
            self._packages[identifier] = found
            if len(self._packages) > KEPT:
                self._packages.popitem(last=False)
        return found

    def package_body(self, identifier: str, version: Version) -> bytes | None:
        """One CFPackage as it goes over the wire."""
        key = (identifier, version)
        if (body := self._bodies.get(key)) is not None:
            return body
        if (package := self.package(identifier)) is None:
            return None
        served = package_in(version, package)
        body = json.dumps(served, ensure_ascii=False, separators=(",", ":")).encode()
        with self._lock:
            self._bodies[key] = body
            if len(self._bodies) > KEPT:
                self._bodies.popitem(last=False)
        return body

    def item(self, identifier: str) -> Json | None:
        """One CFItem, with the link to its document."""
        outcome = self.catalogue.outcomes.get(self._outcomes.get(identifier, ""))
        if outcome is None:
            return None
        head = self._heads.get(outcome.framework)
        if head is None:
            return None
        writer = CaseWriter(replace(head, outcomes=[outcome]), self.public_url)
        return {"CFDocumentURI": writer.document_link()} | writer.item(outcome)

    def associations_of(self, identifier: str) -> list[Json]:
        """The CFAssociations that begin or end at an item, as its framework has them."""
        outcome = self.catalogue.outcomes.get(self._outcomes.get(identifier, ""))
        package = outcome and self.package(identifier_of(FRAMEWORK, outcome.framework))
        return [
            one
            for one in (package or {}).get(ASSOCIATIONS, [])
            if identifier in (_end(one, "originNodeURI"), _end(one, "destinationNodeURI"))
        ]

    def association(self, identifier: str) -> Json | None:
        """One CFAssociation, with the link to its document."""
        framework = self._association_places.get(identifier)
        package = self.package(framework) if framework else None
        if framework is None or package is None:
            return None
        link = self.writers[framework].document_link()
        found = (one for one in package[ASSOCIATIONS] if one["identifier"] == identifier)
        return next(({"CFDocumentURI": link} | one for one in found), None)

    def defined(self, kind: str) -> list[Json]:
        """All definitions of a kind (CFConcepts, CFLicenses, …), or the rubrics."""
        rests = [writer.rest() for writer in self.writers.values()]
        if kind == RUBRICS:
            listed = [rest.get(RUBRICS) for rest in rests]
        else:
            definitions = [rest.get(DEFINITIONS) for rest in rests]
            listed = [one.get(kind) for one in definitions if isinstance(one, dict)]
        objects = [one for part in listed if isinstance(part, list) for one in part]
        return [one for one in objects if isinstance(one, dict)]

    @cached_property
    def _heads(self) -> dict[str, Any]:
        return case_heads(self.catalogue)

    @cached_property
    def _frameworks(self) -> dict[str, str]:
        return {identifier_of(FRAMEWORK, id_): id_ for id_ in self._heads}

    @cached_property
    def _outcomes(self) -> dict[str, str]:
        return {identifier_of(OUTCOME, id_): id_ for id_ in self.catalogue.outcomes.ids()}

    @cached_property
    def _association_places(self) -> dict[str, str]:
        """Association → the framework whose package has it, which all packages tell."""
        return {
            one["identifier"]: framework
            for framework in self.writers
            for one in (self.package(framework) or {})[ASSOCIATIONS]
        }


def _document(writer: CaseWriter) -> Json:
    return {"CFPackageURI": writer.package_link()} | writer.document()


def _end(association: Json, name: str) -> Any:
    node = association.get(name)
    return node.get("identifier") if isinstance(node, dict) else None
