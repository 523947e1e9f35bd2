"""Administrators' pages: where the catalogue comes from, what runs, and who did what."""

from typing import Annotated, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from data.harvesting.timetable import due_at
from service.http.problems import InvalidError
from service.jobs.jobs import Jobs
from service.parts import Here
from service.web.administration import harvests, keys, lti, platforms, servers, sources
from service.web.administration.naming import curricula_of_datasets
from service.web.administration.trail import Kind, trail
from service.web.jobs import may_see
from service.web.rendering import page
from service.web.wording import message

router = APIRouter(include_in_schema=False)
router.include_router(keys.router)
router.include_router(harvests.router)
router.include_router(sources.router)
router.include_router(platforms.router)
router.include_router(lti.router)
router.include_router(servers.router)
LINES: Final = 50
MOST_PAGES: Final = 200
"""How far back the trail can be leafed through; the export of decisions has all of them."""

KINDS: Final = {
    Kind.DECISION: message("Decisions"),
    Kind.UNDO: message("Undone"),
    Kind.CROSSWALK: message("Crosswalks"),
    Kind.ERASURE: message("Erasures"),
    Kind.MODEL: message("Models"),
    Kind.JOB: message("Jobs"),
    Kind.KEY: message("Keys"),
    Kind.IMPORT: message("Imports"),
    Kind.SOURCE: message("Sources"),
    Kind.PLATFORM: message("Platforms"),
    Kind.INDEX: message("Indexes"),
}


@router.get("/administration")
async def show_sources(request: Request, parts: Here) -> Response:
    """Datasets with their licences, what came from each, and when."""

    def render() -> Response:
        datasets, harvested = parts.catalogue.datasets, harvests.harvests(parts)
        return page(
            request,
            "administration/sources.html",
            datasets=datasets.all(),
            counts=datasets.counts(),
            imported=datasets.imported(),
            curricula=curricula_of_datasets(parts.catalogue),
            harvests=harvested,
            due={source.name: due_at(source) for source, _ in harvested},
            platforms={one.id: one.name for one in parts.catalogue.platforms.all()},
        )

    return await run_sync(render)


@router.get("/administration/jobs")
async def list_jobs(request: Request, parts: Here) -> Response:
    """What was started from a page, the newest first."""

    def render() -> Response:
        seen = [job for job in Jobs(parts.settings.home).all() if may_see(request, job)]
        return page(request, "administration/jobs.html", jobs=seen[:LINES])

    return await run_sync(render)


@router.get("/administration/trail")
async def show_trail(
    request: Request,
    parts: Here,
    kind: str = "",
    who: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=MOST_PAGES)] = 1,
) -> Response:
    """Who did what, the newest first."""
    if kind and kind not in list(Kind):
        raise InvalidError("?kind", f"is one of {', '.join(Kind)}")

    def render() -> Response:
        wanted = Kind(kind) if kind else None
        found = trail(parts, wanted, who.strip() or None, (number - 1) * LINES, LINES)
        return page(
            request,
            "administration/trail.html",
            found=found,
            kinds=KINDS,
            names=keys.NAMES,
            kind=wanted,
            who=who.strip(),
            number=number,
            last=MOST_PAGES,
        )

    return await run_sync(render)
