"""Resources: search, create, read, replace, and what they are aligned to."""

import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from data import records
from data.errors import ConflictError
from models.suggestion import Query as Question
from service.access.admitting import admitted
from service.access.territory import check_making, check_resources
from service.api.etags import IfMatch, IfNoneMatch, matches, quoted, tagged
from service.api.paging import Cursor, Limit, page_of
from service.api.responses import errors
from service.api.wire import (
    AlignedOutcome,
    Listed,
    NewResource,
    OutcomeLink,
    Resource,
    ResourceFields,
    ResourceInShort,
    provenance_of,
)
from service.asking.describing import JSON_LD, described
from service.asking.searching import in_language_first, known_platform, nearest_resources
from service.http.languages import wished
from service.http.problems import InvalidError, existing
from service.parts import Here, Parts

router = APIRouter(prefix="/v1/resources", tags=["resources"])


class Search(StrEnum):
    """How `q` is looked for."""

    WORDS = "words"
    MEANING = "meaning"


class ResourceSearch(BaseModel):
    """What is looked for."""

    q: str | None = Field(None, max_length=10_000, description="What to look for.")
    language: str | None = Field(None, description="Only in this language.")
    kind: str | None = Field(None, description="Only of this kind.")
    platform: str | None = Field(None, description="Only of the platform of this id.")
    search: Search = Field(
        Search.WORDS, description="Words in title and description, or nearness of meaning."
    )
    cursor: Cursor = None
    limit: Limit = 50


class FoundResource(ResourceInShort):
    """A thing to learn with, and whose it is."""

    platform: str | None = Field(None, description="Id of the platform that it is of, if any.")


class ResourceList(Listed[FoundResource]):
    """A page of resources."""


class AlignedOutcomeList(Listed[AlignedOutcome]):
    """A page of outcomes with how the resource is aligned to them."""


@router.get("", responses=errors(422, 503))
async def list_resources(
    parts: Here, request: Request, asked: Annotated[ResourceSearch, Query()]
) -> ResourceList:
    """Resources by id or, looked for by meaning, the nearest first on one page.

    Of the nearest, those in the first language of Accept-Language come before the others.
    """
    of = await run_sync(known_platform, parts.catalogue, asked.platform)
    if asked.search is Search.MEANING:
        if not asked.q:
            raise InvalidError("?q", "a search by meaning needs a text")
        only = (asked.language, asked.kind)
        nearest = await nearest_resources(parts, Question(text=asked.q), only, asked.limit, of)
        ordered = in_language_first(nearest, wished(request))
        return await run_sync(_listed, parts, ordered, None)

    def page() -> ResourceList:
        found = parts.catalogue.resources.page(
            text=asked.q,
            language=asked.language,
            kind=asked.kind,
            platform=of,
            after=asked.cursor,
            limit=asked.limit,
        )
        return _listed(parts, found.items, found.next)

    return await run_sync(page)


@router.post(
    "", status_code=201, response_model=Resource, responses=errors(400, 403, 409, 413, 422)
)
async def create_resource(body: NewResource, parts: Here) -> Response:
    """Add a resource; it is suggestible and found by meaning at once."""
    check_making(parts)
    resource = _admitted(parts, body, body.id or f"r-{uuid.uuid4().hex}", body.extra or {})
    await run_sync(parts.catalogue.resources.create, resource)
    await parts.live.catch_up()
    return await run_sync(_written, parts, resource.id, 201)


@router.get("/{resource_id:path}/alignments", responses=errors(404, 422), tags=["alignments"])
def list_resource_alignments(
    resource_id: str, parts: Here, cursor: Cursor = None, limit: Limit = 50
) -> AlignedOutcomeList:
    """The outcomes that a resource is aligned to."""
    _existing(parts, resource_id)
    page, following = page_of(
        parts.catalogue.alignments.of_resource(resource_id),
        lambda found: f"{found.outcome}\n{found.relation.value}",
        cursor,
        limit,
    )
    outcomes = parts.catalogue.outcomes.many(found.outcome for found in page)
    items = [
        AlignedOutcome(
            outcome=_link(parts, outcomes[found.outcome]),
            relation=found.relation,
            provenance=provenance_of(found),
        )
        for found in page
    ]
    return AlignedOutcomeList(items=items, next=following)


class JsonLd(JSONResponse):
    """An object of schema.org."""

    media_type = JSON_LD


@router.get("/{resource_id:path}/lrmi", response_class=JsonLd, responses=errors(404))
def read_learning_resource(resource_id: str, parts: Here, request: Request) -> JsonLd:
    """One resource with what it is aligned to, as a LearningResource of schema.org (LRMI)."""
    return JsonLd(described(parts.catalogue, _existing(parts, resource_id), request))


@router.get("/{resource_id:path}", response_model=Resource, responses=errors(404))
def read_resource(resource_id: str, parts: Here, if_none_match: IfNoneMatch = None) -> Response:
    """One resource."""
    version = parts.catalogue.resources.version(resource_id)
    return tagged(Resource.of(_existing(parts, resource_id)), if_none_match, version)


@router.put(
    "/{resource_id:path}", response_model=Resource, responses=errors(400, 403, 404, 412, 413, 422)
)
async def replace_resource(
    resource_id: str, body: ResourceFields, parts: Here, if_match: IfMatch = None
) -> Response:
    """Put these fields in place of a resource's; `extra` stays if it is left out."""
    await run_sync(_replace, parts, resource_id, body, if_match)
    await parts.live.catch_up()
    return await run_sync(_written, parts, resource_id, 200)


def _listed(parts: Parts, found: Sequence[records.Resource], cursor: str | None) -> ResourceList:
    platforms = parts.catalogue.platforms.of_resources(one.id for one in found)
    items = [FoundResource.of(one) for one in found]
    for item in items:
        item.platform = platforms.get(item.id)
    return ResourceList(items=items, next=cursor)


def _replace(parts: Parts, resource_id: str, body: ResourceFields, if_match: str | None) -> None:
    version = parts.catalogue.resources.version(resource_id)
    kept = _existing(parts, resource_id)
    check_resources(parts, [resource_id])
    if if_match is not None and not matches(if_match, quoted(version)):
        raise HTTPException(412, f"resource {resource_id!r} has changed since; read it again")
    extra = kept.extra if body.extra is None else body.extra
    resource = _admitted(parts, body, resource_id, extra)
    try:
        parts.catalogue.resources.replace(resource, version=version if if_match else None)
    except ConflictError as error:
        raise HTTPException(412, str(error)) from None


def _admitted(
    parts: Parts, body: ResourceFields, resource_id: str, extra: Mapping[str, Any]
) -> records.Resource:
    fields = body.model_dump(exclude={"extra"})
    return admitted(parts.settings, {**extra, **fields, "id": resource_id})


def _written(parts: Parts, resource_id: str, status: int) -> Response:
    # The version first: a change between the two reads must not pass for read.
    version = parts.catalogue.resources.version(resource_id)
    answer = tagged(Resource.of(_existing(parts, resource_id)), None, version)
    answer.status_code = status
    answer.headers["Location"] = f"/v1/resources/{quote(resource_id, safe='')}"
    return answer


def _existing(parts: Parts, resource_id: str) -> records.Resource:
    return existing(parts.catalogue.resources.get(resource_id), "resource", resource_id)


def _link(parts: Parts, outcome: records.Outcome) -> OutcomeLink:
    above = parts.catalogue.outcomes.ancestors(outcome.id)
    return OutcomeLink(
        id=outcome.id,
        framework=outcome.framework,
        code=outcome.code,
        title=outcome.title,
        path=[node.title for node in (*above, outcome)],
    )
