"""The first pass over a document: what no row tells alone. Only ids stay in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from data.catalogue.intake import Batch, Intake, Link
from data.catalogue.rows import Entry, Key, UnstorableError, entry_of
from data.formats.fields import shown
from data.formats.protocol import Document, Refusal, Row
from data.importing.chunks import chunks
from data.progress import Advance
from data.records import Dataset, Framework, Outcome, Prerequisite
from data.tree import closing_edges, cycle_text, refused_outcomes


@dataclass(slots=True)
class OutcomeSurvey:
    """The ids of a document's outcomes, why some are to be refused, and their frameworks."""

    parents: dict[str, str | None] = field(default_factory=dict)
    framework_of: dict[str, str] = field(default_factory=dict)
    refused: dict[Key, str] = field(default_factory=dict)
    frameworks: list[Framework] = field(default_factory=list)

    def objection(self, outcome: Outcome) -> str | None:
        """Why the outcome is to be refused when it is read again, if it is."""
        if self.framework_of.get(outcome.id) != outcome.framework:
            return (
                "was not there at the first reading: the file has changed meanwhile; import again"
            )
        return self.refused.get((outcome.id,))


def survey_outcomes(intake: Intake, document: Document, advance: Advance) -> OutcomeSurvey:
    """Read all outcomes once. Of rows with the same id the first counts."""
    survey, roots = OutcomeSurvey(), _Roots()
    for chunk in chunks(document.read(Outcome)):
        entries = list(_entries(survey, roots, chunk, document.dataset.name))
        with intake.batch() as batch:
            kept = batch.kept(Outcome, entries)
        for key, owner in ((key, row.dataset) for key, row in kept.items()):
            if owner != document.dataset.name:
                survey.refused[key] = belongs_to(owner)
        advance(len(chunk))
    with intake.batch() as batch:
        _judge_parents(survey, batch, document.dataset.name)
    survey.frameworks = _frameworks(document.dataset, roots.headings)
    return survey


def survey_prerequisites(
    intake: Intake, document: Document, refused: set[str], prune: bool, advance: Advance
) -> dict[Key, str]:
    """Read all prerequisites once; why those that would close a cycle are to be refused.

    Edges that stay in the catalogue come first, so that what was there is not what gives way.
    `refused` are outcomes that this import refused; `prune` says that the dataset's own edges
    are retired when they are not in the document.
    """
    edges: dict[tuple[str, str], None] = {}
    for row in document.read(Prerequisite):
        advance(1)
        if isinstance(row, Row):
            edges[row.record.outcome, row.record.requires] = None
        else:
            prune = False  # nothing is, while a row cannot be read
    with intake.batch() as batch:
        there = batch.outcomes(id_ for edge in edges for id_ in edge).keys() - refused
        stay = {
            edge: None
            for owner, edge in batch.edges()
            if owner != document.dataset.name or not prune or edge in edges
        }
    offered = [
        edge for edge in edges if edge not in stay and edge[0] != edge[1] and there.issuperset(edge)
    ]
    in_order = [*stay, *offered]
    closing = closing_edges(in_order)
    return {in_order[at]: f"closes a cycle: {cycle_text(ids)}" for at, ids in closing.items()}


def belongs_to(dataset: str) -> str:
    """Why an id that another has cannot be taken."""
    if not dataset:
        return "this id was given in this catalogue; choose another"
    return f"this id belongs to dataset {shown(dataset)}; choose another"


@dataclass(slots=True)
class _Roots:
    """Framework → its first headings without a parent; two are enough to tell that there are."""

    headings: dict[str, list[Outcome]] = field(default_factory=dict)

    def note(self, outcome: Outcome) -> None:
        found = self.headings.setdefault(outcome.framework, [])
        if outcome.parent is None and not outcome.assignable and len(found) < 2:
            found.append(outcome)


def _entries(
    survey: OutcomeSurvey, roots: _Roots, chunk: list[Row[Any] | Refusal], dataset: str
) -> Iterator[Entry]:
    for row in chunk:
        if isinstance(row, Refusal) or row.record.id in survey.parents:
            continue
        survey.parents[row.record.id] = row.record.parent
        survey.framework_of[row.record.id] = row.record.framework
        roots.note(row.record)
        try:
            yield entry_of(row.record, dataset)
        except UnstorableError as error:
            survey.refused[(row.record.id,)] = str(error)


def _judge_parents(survey: OutcomeSurvey, batch: Batch, dataset: str) -> None:
    parents = survey.parents
    elsewhere = batch.links({parent for parent in parents.values() if parent} - parents.keys())
    links = {id_: link for id_, link in elsewhere.items() if link.dataset != dataset}
    frameworks = survey.framework_of | {id_: link.framework for id_, link in links.items()}
    for id_, parent in parents.items():
        if parent and frameworks.get(parent, frameworks[id_]) != frameworks[id_]:
            survey.refused.setdefault(
                (id_,),
                f"its parent {shown(parent)} is of another framework, {shown(frameworks[parent])}",
            )
    barred = {id_ for (id_,) in survey.refused}
    edges = [(id_, parent) for id_, parent in parents.items() if id_ not in barred]
    outside = _outside(batch, links, survey)
    for id_, reason in refused_outcomes(chain(edges, outside.items()), known=()).items():
        if id_ in parents:
            parent = parents[id_]
            below = f"its parent {shown(parent)} is itself refused"
            survey.refused[(id_,)] = below if parent in barred else reason


def _outside(batch: Batch, links: dict[str, Link], survey: OutcomeSurvey) -> dict[str, str | None]:
    """The parents of other datasets' outcomes that the document's hang below, up to the root.

    The document says all about its own dataset, so a parent that is its own but not in it is not
    there. Further up anything may stand, even the document's own: that would be a cycle.
    """
    found: dict[str, str | None] = {}
    while links:
        found |= {id_: link.parent for id_, link in links.items()}
        above = {link.parent for link in links.values() if link.parent}
        links = batch.links(above - found.keys() - survey.parents.keys())
    reachable = found.keys() | survey.parents.keys()
    return {id_: parent if parent in reachable else None for id_, parent in found.items()}


def _frameworks(dataset: Dataset, headings: dict[str, list[Outcome]]) -> list[Framework]:
    """Every framework that the dataset lists or has outcomes of, with the best title known."""
    listed = {entry["id"]: entry for entry in _listed(dataset)}
    return [
        _framework(dataset, id_, listed.get(id_, {}), headings.get(id_, []))
        for id_ in dict.fromkeys((*listed, *headings))
    ]


def _listed(dataset: Dataset) -> list[dict[str, Any]]:
    entries = dataset.extra.get("frameworks")
    entries = entries if isinstance(entries, list) else []
    return [one for one in entries if isinstance(one, dict) and _text(one, "id")]


def _framework(
    dataset: Dataset, id_: str, listed: dict[str, Any], headings: list[Outcome]
) -> Framework:
    root = headings[0] if len(headings) == 1 else None
    only = dataset.languages[0] if len(dataset.languages) == 1 else None
    return Framework(
        id=id_,
        dataset=dataset.name,
        title=_text(listed, "title") or (root.title if root else "") or id_,
        language=_text(listed, "language") or (root.language if root else None) or only,
    )


def _text(entry: dict[str, Any], name: str) -> str | None:
    value = entry.get(name)
    return value if isinstance(value, str) and value else None
