"""Outcomes: search, place in the tree, and the resources aligned to them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from data import records
from data.catalogue import Catalogue
from service.api.etags import IfNoneMatch, tagged
from service.api.paging import Cursor, Limit, page_of
from service.api.responses import errors
from service.api.wire import (
    AlignedResource,
    Language,
    Listed,
    Outcome,
    OutcomeInTree,
    ResourceInShort,
    provenance_of,
)
from service.asking.crossing import brought, is_foreign
from service.http.problems import existing
from service.parts import Here, Parts

router = APIRouter(prefix="/v1/outcomes", tags=["outcomes"])

Words = Annotated[str | None, Query(description="Words in the title, code or description.")]
Level = Annotated[str | None, Query(description="A level that the outcome itself names.")]


class OutcomeList(Listed[Outcome]):
    """A page of outcomes."""


class AlignedResourceList(Listed[AlignedResource]):
    """A page of resources with how they are aligned."""


@router.get("", responses=errors(422))
def list_outcomes(
    parts: Here,
    q: Words = None,
    framework: Annotated[str | None, Query(description="Only of this framework.")] = None,
    level: Level = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> OutcomeList:
    """Outcomes of all frameworks, in the order of their trees."""
    page = parts.catalogue.outcomes.page(framework, text=q, level=level, after=cursor, limit=limit)
    return OutcomeList(items=[Outcome.of(found) for found in page.items], next=page.next)


@router.get("/{outcome_id:path}/resources", responses=errors(404, 422), tags=["alignments"])
def list_outcome_resources(
    outcome_id: str,
    parts: Here,
    crosswalk: Annotated[bool, Query(description="Also those that a crosswalk leads here.")] = True,
    language: Annotated[
        Language | None, Query(description="The reader's: of the latter those in it come first.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AlignedResourceList:
    """The resources that are aligned to an outcome, then those that a crosswalk leads to it."""
    _existing(parts, outcome_id)
    found = _aligned(parts.catalogue, outcome_id)
    if crosswalk:
        found |= _brought(parts.catalogue, outcome_id, language)
    keys, following = page_of(list(found), str, cursor, limit)
    return AlignedResourceList(items=[found[key] for key in keys], next=following)


@router.get("/{outcome_id:path}", response_model=OutcomeInTree, responses=errors(404))
def read_outcome(outcome_id: str, parts: Here, if_none_match: IfNoneMatch = None) -> Response:
    """One outcome with the titles above it and the outcomes right below it."""
    found = _existing(parts, outcome_id)
    above = parts.catalogue.outcomes.ancestors(outcome_id)
    answer = OutcomeInTree(
        **Outcome.of(found).model_dump(),
        path=[node.title for node in (*above, found)],
        children=[
            Outcome.of(child)
            for child in parts.catalogue.outcomes.children(found.framework, found.id)
        ],
    )
    return tagged(answer, if_none_match)


def _aligned(catalogue: Catalogue, outcome: str) -> dict[str, AlignedResource]:
    """Each under a key that is its place in the list."""
    alignments = catalogue.alignments.of_outcome(outcome)
    resources = catalogue.resources.many(one.resource for one in alignments)
    return {
        f"0{one.resource}\n{one.relation.value}": AlignedResource(
            resource=ResourceInShort.of(resources[one.resource]),
            relation=one.relation,
            provenance=provenance_of(one),
            confidence=None,
            by=[],
        )
        for one in alignments
    }


def _brought(
    catalogue: Catalogue, outcome: str, language: str | None
) -> dict[str, AlignedResource]:
    """The same of what comes by a crosswalk: the reader's language first, then the surest."""
    return {
        f"1{is_foreign(one, language):d}{1 - carried.confidence:.6f}{one.id}": (
            AlignedResource.brought(one, carried)
        )
        for one, carried in brought(catalogue, outcome, language)
    }


def _existing(parts: Parts, outcome_id: str) -> records.Outcome:
    return existing(parts.catalogue.outcomes.get(outcome_id), "outcome", outcome_id)
