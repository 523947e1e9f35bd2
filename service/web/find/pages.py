"""Pages to find by: what to look for, a framework, an outcome, a resource."""

from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from service.asking.describing import described, within_a_page
from service.asking.searching import known_platform
from service.engine.live import NoIndexError, Serving
from service.http.languages import wished
from service.http.problems import existing
from service.parts import Here, Parts
from service.web import wording
from service.web.find import curriculum
from service.web.find.outcome import outcome_page
from service.web.find.places import places
from service.web.find.resource import resource_page
from service.web.find.searching import Wanted, search
from service.web.find.shown import kind_name
from service.web.find.whose import resources_of, with_platforms
from service.web.lists.mine import mine
from service.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/find")
async def find(request: Request, parts: Here, wanted: Annotated[Wanted, Query()]) -> Response:
    """What was looked for, or how to begin."""
    asked = wanted.q.strip()
    if wanted.platform:
        await run_sync(known_platform, parts.catalogue, wanted.platform)
    found = await search(parts, wanted, wished(request)) if asked else None

    def render() -> Response:
        catalogue = parts.catalogue
        is_of_platform = not asked and wanted.platform
        ranges = catalogue.outcomes.ranges()
        is_listed = not asked and wanted.framework in ranges and (wanted.level or wanted.subject)
        return page(
            request,
            "find/find.html",
            wanted=wanted,
            found=found and replace(found, resources=with_platforms(catalogue, found.resources)),
            listed=resources_of(catalogue, wanted, wished(request)) if is_of_platform else None,
            platforms={one.id: one for one in catalogue.platforms.all()},
            places={place.framework.id: place for place in places(catalogue)},
            levels={
                name: sorted(one.levels, key=curriculum.natural) for name, one in ranges.items()
            },
            subjects={name: one.subjects for name, one in ranges.items()},
            groups=curriculum.of_level(catalogue, wanted.framework, wanted.level, wanted.subject)
            if is_listed
            else None,
            languages=catalogue.resources.languages(),
            kinds={kind: kind_name(kind) for kind in catalogue.resources.kinds()},
        )

    return await run_sync(render)


@router.get("/frameworks/{framework_id:path}")
async def show_framework(request: Request, parts: Here, framework_id: str) -> Response:
    """A framework's top headings, and how much there is below each."""

    def render() -> Response:
        found = existing(parts.catalogue.frameworks.get(framework_id), "framework", framework_id)
        place = next((one for one in places(parts.catalogue) if one.framework.id == found.id), None)
        there = parts.catalogue.frameworks.by_id()
        newer = parts.catalogue.editions.newer().get(found.id, ())
        return page(
            request,
            "find/framework.html",
            framework=found,
            place=place,
            newer=[there[name] for name in newer if name in there],
            stems=curriculum.stems(parts.catalogue, found.id, None),
        )

    return await run_sync(render)


@router.get("/outcomes/{outcome_id:path}")
async def show_outcome(
    request: Request, parts: Here, outcome_id: str, language: str = "", kind: str = ""
) -> Response:
    """An outcome, where it stands, and the resources for it."""
    serving = _serving(parts)

    def render() -> Response:
        found = existing(parts.catalogue.outcomes.get(outcome_id), "outcome", outcome_id)
        only = (language or None, kind or None)
        reader = wording.chosen(request).tag
        shown = outcome_page(parts.catalogue, serving, found, only, reader)
        return page(
            request,
            "find/outcome.html",
            shown=shown,
            language=language,
            kind=kind,
            mine=mine(request, parts.catalogue),
        )

    return await run_sync(render)


@router.get("/resources/{resource_id:path}")
async def show_resource(request: Request, parts: Here, resource_id: str) -> Response:
    """A resource and what it teaches."""

    def render() -> Response:
        found = existing(parts.catalogue.resources.get(resource_id), "resource", resource_id)
        shown = resource_page(parts.catalogue, found)
        (card,) = with_platforms(parts.catalogue, [shown.card])
        return page(
            request,
            "find/resource.html",
            shown=shown,
            card=card,
            mine=mine(request, parts.catalogue),
            described=within_a_page(described(parts.catalogue, found, request)),
        )

    return await run_sync(render)


def _serving(parts: Parts) -> Serving | None:
    with suppress(NoIndexError):
        return parts.live.serving()
    return None
