"""Records → a CFPackage. What came as CASE is given back as it came."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from data.formats.case.mapping import (
    CASE,
    CHILD,
    EXEMPLAR,
    Ends,
    case_of,
    content_of,
    ends_of,
    identifier_of,
    number_of,
    said_by,
)
from data.formats.case.parts import ASSOCIATIONS, DEFINITIONS, DOCUMENT, ITEMS, PARTS
from data.formats.case.tidying import Json, derived
from data.records import (
    Correspondence,
    Dataset,
    Framework,
    Outcome,
    Prerequisite,
    Resource,
)

FRAMEWORK, OUTCOME, RESOURCE, LICENSE = "framework", "outcome", "resource", "license"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One framework with all that is said of it.

    `others` are the outcomes of other frameworks that `statements` lead to, `exemplars` pairs of
    an outcome's id and a resource that is aligned to it; `changed` is when it was taken in, or what
    it corresponds to was decided on.
    """

    framework: Framework
    dataset: Dataset
    outcomes: Sequence[Outcome]
    statements: Iterable[Prerequisite | Correspondence] = ()
    others: Mapping[str, Outcome] = field(default_factory=dict)
    exemplars: Iterable[tuple[str, Resource]] = ()
    changed: str


class CaseWriter:
    """Writes what the catalogue has of one framework in the words of CASE 1.1."""

    def __init__(self, source: Source, public_url: str) -> None:
        self._source = source
        self._public = public_url.rstrip("/")
        self._case = _package_of(source.dataset, source.framework.id)
        self._by_id = {outcome.id: outcome for outcome in source.outcomes}

    def package(self) -> Json:
        """The whole CFPackage."""
        return self.rest() | {
            DOCUMENT: self.document(),
            ITEMS: [self.item(outcome) for outcome in self._listed()],
            ASSOCIATIONS: self._associations(),
        }

    def rest(self) -> Json:
        """What a package has besides its document, items and associations."""
        if self._case:
            return {name: value for name, value in self._case.items() if name not in PARTS}
        if (link := self._license_link()) is None:
            return {}
        changed = {"licenseText": link["title"], "lastChangeDateTime": self._source.changed}
        return {DEFINITIONS: {"CFLicenses": [link | changed]}}

    def document(self) -> Json:
        """The CFDocument."""
        if stated := self._case.get(DOCUMENT):
            return dict(stated)
        framework, dataset = self._source.framework, self._source.dataset
        identifier = identifier_of(FRAMEWORK, framework.id)
        found = {
            "identifier": identifier,
            "uri": self._uri("CFDocuments", identifier),
            "creator": dataset.attribution or dataset.name,
            "title": framework.title,
            "lastChangeDateTime": self._source.changed,
            "caseVersion": "1.1",
            "language": framework.language,
            "notes": dataset.source,
            "licenseURI": self._license_link(),
            "CFPackageURI": self.package_link(),
        }
        return {name: value for name, value in found.items() if value}

    def item(self, outcome: Outcome) -> Json:
        """A CFItem as it stands in a package."""
        identifier = identifier_of(OUTCOME, outcome.id)
        kept = (case_of(outcome) or {}).get("item", {})
        found = {
            "identifier": identifier,
            "uri": self._uri("CFItems", identifier),
            **content_of(outcome),
            "lastChangeDateTime": self._source.changed,
            **kept,
        }
        return {name: value for name, value in found.items() if value is not None}

    def package_link(self) -> Json:
        """The link from a CFDocument to its package."""
        framework = self._source.framework
        identifier = identifier_of(FRAMEWORK, framework.id)
        return self._link("CFPackages", framework.title, identifier)

    def document_link(self) -> Json:
        """The link from a CFItem or a CFAssociation to its document."""
        document = self.document()
        return {name: document[name] for name in ("title", "identifier", "uri")}

    def _listed(self) -> list[Outcome]:
        """The outcomes in order; those whose position is their place in the package stand there."""
        listed: list[Outcome | None] = [None] * len(self._source.outcomes)
        others = []
        for outcome in self._source.outcomes:
            place = outcome.position - 1
            if self._is_placed(outcome) and place in range(len(listed)) and listed[place] is None:
                listed[place] = outcome
            else:
                others.append(outcome)
        left = iter(others)
        return [outcome or next(left) for outcome in listed]

    def _is_placed(self, outcome: Outcome) -> bool:
        """Whether an outcome came as CASE, and without a number."""
        above = (
            one
            for one in _stated(outcome)
            if (ends := ends_of(one)).type == CHILD and self._is_here(ends)
        )
        return case_of(outcome) is not None and number_of(next(above, None)) is None

    def _is_here(self, ends: Ends) -> bool:
        return ends.destination in self._by_id or ends.destination == self._source.framework.id

    def _associations(self) -> list[Json]:
        stated = [one for outcome in self._source.outcomes for one in _stated(outcome)]
        stated += self._case.get(ASSOCIATIONS, [])
        said = {ends_of(association) for association in stated}
        for association in (*self._tree(), *self._statements(), *self._exemplars()):
            if (ends := ends_of(association)) not in said:
                said.add(ends)
                stated.append(association)
        return stated

    def _tree(self) -> Iterable[Json]:
        """Where each outcome hangs that did not come as CASE, which says so itself."""
        tied = _tied(self._source.outcomes)
        document = self.document_link()
        places: Counter[str | None] = Counter()
        for outcome in self._source.outcomes:
            places[outcome.parent] += 1
            if case_of(outcome) is None:
                above = self._by_id.get(outcome.parent) if outcome.parent else None
                place = places[outcome.parent] if outcome.parent in tied else outcome.position
                node = self._node(above) if above else document
                yield self._association(CHILD, self._node(outcome), node) | {
                    "sequenceNumber": place
                }

    def _statements(self) -> Iterable[Json]:
        known = {**self._source.others, **self._by_id}
        for statement in self._source.statements:
            ends = said_by(statement)
            if ends.origin in known and ends.destination in known:
                origin, destination = known[ends.origin], known[ends.destination]
                yield self._association(ends.type, self._node(origin), self._node(destination))

    def _exemplars(self) -> Iterable[Json]:
        for id_, resource in self._source.exemplars:
            page = f"{self._public}/resources/{quote(resource.id, safe='')}"
            node = {
                "title": resource.title or resource.id,
                "identifier": identifier_of(RESOURCE, resource.id),
                "uri": resource.url or page,
            }
            yield self._association(EXEMPLAR, self._node(self._by_id[id_]), node)

    def _association(self, type_: str, origin: Json, destination: Json) -> Json:
        identifier = derived("association", type_, origin["identifier"], destination["identifier"])
        return {
            "identifier": identifier,
            "associationType": type_,
            "uri": self._uri("CFAssociations", identifier),
            "originNodeURI": origin,
            "destinationNodeURI": destination,
            "lastChangeDateTime": self._source.changed,
        }

    def _node(self, outcome: Outcome) -> Json:
        identifier = identifier_of(OUTCOME, outcome.id)
        uri = (case_of(outcome) or {}).get("item", {}).get("uri")
        title = outcome.code or outcome.title or outcome.id
        return {
            "title": title,
            "identifier": identifier,
            "uri": uri or self._uri("CFItems", identifier),
        }

    def _license_link(self) -> Json | None:
        if license_ := self._source.dataset.license:
            return self._link("CFLicenses", license_, derived(LICENSE, license_))
        return None

    def _link(self, kind: str, title: str, identifier: str) -> Json:
        return {"title": title, "identifier": identifier, "uri": self._uri(kind, identifier)}

    def _uri(self, kind: str, identifier: str) -> str:
        return f"{self._public}/ims/case/v1p0/{kind}/{identifier}"


def _package_of(dataset: Dataset, framework: str) -> Json:
    """What is kept of the package that a framework was, {} if it was none."""
    among = dataset.extra.get("datasets")  # several, exported as one and taken in again
    extras = [one.get("extra") for one in among if isinstance(one, dict)] if among else []
    for extra in (dataset.extra, *extras):
        case: Any = extra.get(CASE) if isinstance(extra, Mapping) else None
        if isinstance(case, dict) and case.get(DOCUMENT, {}).get("identifier") == framework:
            return case
    return {}


def _stated(outcome: Outcome) -> list[Json]:
    return list((case_of(outcome) or {}).get(ASSOCIATIONS, []))


def _tied(outcomes: Iterable[Outcome]) -> set[str | None]:
    """Parents of which two children have the same position: their order is told by counting."""
    places = Counter((outcome.parent, outcome.position) for outcome in outcomes)
    return {parent for (parent, _), number in places.items() if number > 1}
