"""Outcomes: search, place in the tree, and the resources aligned to them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from data import records
from service.api.etags import IfNoneMatch, tagged
from service.api.paging import Cursor, Limit, page_of
from service.api.responses import errors
from service.api.wire import (
    AlignedResource,
    Listed,
    Outcome,
    OutcomeInTree,
    ResourceInShort,
    provenance_of,
)
from service.parts import Here, Parts
from service.problems import existing

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
    outcome_id: str, parts: Here, cursor: Cursor = None, limit: Limit = 50
) -> AlignedResourceList:
    """The resources that are aligned to an outcome."""
    _existing(parts, outcome_id)
    page, following = page_of(
        parts.catalogue.alignments.of_outcome(outcome_id),
        lambda found: f"{found.resource}\n{found.relation.value}",
        cursor,
        limit,
    )
    resources = parts.catalogue.resources.many(found.resource for found in page)
    items = [
        AlignedResource(
            resource=ResourceInShort.of(resources[found.resource]),
            relation=found.relation,
            provenance=provenance_of(found),
        )
        for found in page
    ]
    return AlignedResourceList(items=items, next=following)


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


def _existing(parts: Parts, outcome_id: str) -> records.Outcome:
    return existing(parts.catalogue.outcomes.get(outcome_id), "outcome", outcome_id)
