"""The interface by which Kolibri Studio asks for content near its topics (le-utils' schemas)."""

from dataclasses import replace
from typing import Annotated, Final

from anyio import fail_after
from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException, Query

from data.records import Resource
from service.access.admitting import admitted
from service.access.territory import check_making, check_resources
from service.api.bad_requests import BadRequestRoute
from service.api.content_wire import (
    EmbedContentRequest,
    EmbeddedContent,
    EmbedTopicsRequest,
    Recommendations,
    RecommendationsOfTopic,
)
from service.api.responses import errors
from service.asking.recommending_content import LEAST, recommend
from service.parts import Here, Parts

SECONDS: Final = 60.0  # a caller that waits longer has gone

router = APIRouter(tags=["kolibri"], route_class=BadRequestRoute)


@router.post("/recommend", responses=errors(400, 408, 413, 503))
async def recommend_content(
    body: EmbedTopicsRequest,
    parts: Here,
    override_threshold: Annotated[
        bool, Query(description="Also what is hardly nearer than any other resource.")
    ] = False,
) -> Recommendations:
    """The resources nearest to each topic, in its language and of other channels than its own."""
    least = None if override_threshold else LEAST
    try:
        with fail_after(SECONDS):
            found = await recommend(parts, (node.topic() for node in body.topics), least)
    except TimeoutError:
        raise HTTPException(
            408, f"it took more than {SECONDS:g} seconds; send fewer topics at a time"
        ) from None
    topics = zip(body.topics, found, strict=True)
    return Recommendations(topics=[RecommendationsOfTopic.of(node, near) for node, near in topics])


@router.post("/embed-content", responses=errors(400, 403, 413))
async def embed_content(body: EmbedContentRequest, parts: Here) -> EmbeddedContent:
    """Take content in, or its newer state; it is recommended and suggestible at once."""
    resources = [admitted(parts.settings, node.raw) for node in body.resources]
    await run_sync(_keep, parts, resources)
    await parts.live.catch_up()
    return EmbeddedContent(resources=[resource.id for resource in resources])


def _keep(parts: Parts, resources: list[Resource]) -> None:
    """Add what is new and replace what is there; what else was known of it stays."""
    resources_there = parts.catalogue.resources.many(resource.id for resource in resources)
    check_resources(parts, list(resources_there))
    if len(resources_there) < len({one.id for one in resources}):
        check_making(parts)
    for resource in {one.id: one for one in resources}.values():
        before = resources_there.get(resource.id)
        if before is None:
            parts.catalogue.resources.create(resource)
        else:
            parts.catalogue.resources.replace(
                replace(
                    before,
                    title=resource.title,
                    description=resource.description,
                    text=resource.text or before.text,
                    language=resource.language or before.language,
                    extra={**before.extra, **resource.extra},
                )
            )
