"""A resource and what it is aligned to → a LearningResource of schema.org, as JSON-LD."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from data.formats.lrmi.alignments import ALIGNING, ALIGNMENT
from data.formats.lrmi.fields import node_of
from data.formats.lrmi.json_ld import EXTRA
from data.records import Alignment, Framework, Outcome, Relation, Resource

ROOT: Final = "https://schema.org"
_DEFINED: Final = {Relation.TEACHES: "teaches", Relation.ASSESSES: "assesses"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """An alignment, and the outcome and the framework that it leads to."""

    alignment: Alignment
    outcome: Outcome
    framework: Framework | None = None


def learning_resource(
    resource: Resource, aligned: Iterable[Aligned] = (), base: str | None = None
) -> dict[str, Any]:
    """The LearningResource, to be written as JSON.

    `base` is where the catalogue is served, with a slash at its end: resource, outcomes and
    frameworks then have addresses below it. The format `lrmi` reads the same records again.
    """
    node = node_of(resource)
    if base and "@id" not in node:
        node["@id"] = _place(base, "resources", resource.id)
    said: dict[str, list[Any]] = {name: list(node.pop(name, ())) for name in ALIGNING}
    for one in aligned:
        name = _DEFINED.get(one.alignment.relation)
        if name:
            said[name].append(_term(one, base))
        else:
            said[ALIGNMENT].append(_alignment(one, base))
    node |= {name: values for name, values in said.items() if values}
    return {"@context": _context(node), **node}


def _context(node: dict[str, Any]) -> Any:
    has_more = any(name.startswith("extra:") for name in node)
    return [ROOT, {"extra": EXTRA}] if has_more else ROOT


def _term(one: Aligned, base: str | None) -> dict[str, Any]:
    outcome, framework = one.outcome, one.framework
    term = {
        **_more(one),
        "@type": "DefinedTerm",
        "identifier": outcome.id,
        "termCode": outcome.code or outcome.id,
        "name": outcome.title or outcome.description,
    }
    if base:
        term["url"] = _place(base, "outcomes", outcome.id)
    term["inDefinedTermSet"] = {
        "@type": "DefinedTermSet",
        "identifier": outcome.framework,
        "name": framework.title if framework else outcome.framework,
    }
    if base:
        term["inDefinedTermSet"]["url"] = _place(base, "frameworks", outcome.framework)
    return term


def _alignment(one: Aligned, base: str | None) -> dict[str, Any]:
    outcome, framework = one.outcome, one.framework
    written = {
        **_more(one),
        "@type": "AlignmentObject",
        "identifier": outcome.id,
        "alignmentType": one.alignment.relation.value,
        "educationalFramework": framework.title if framework else outcome.framework,
        "targetName": outcome.title or outcome.description,
    }
    if outcome.description and outcome.title:
        written["targetDescription"] = outcome.description
    if base:
        written["targetUrl"] = _place(base, "outcomes", outcome.id)
    return written


def _more(one: Aligned) -> dict[str, Any]:
    """What its source said of the outcome besides; such names are never the writer's own."""
    kept = one.alignment.extra.get("target")
    return dict(kept) if isinstance(kept, dict) else {}


def _place(base: str, kind: str, id_: str) -> str:
    return f"{base}{kind}/{quote(id_, safe='')}"
