"""Crosswalks: between which frameworks lines wait or stand, and the job that proposes them."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from service.access.territory import check_all
from service.deciding.crosswalking import two_frameworks
from service.http.problems import InvalidError
from service.jobs.jobs import Jobs
from service.parts import Here
from service.web.curate import crosswalk_deciding, crosswalk_standing
from service.web.curate.crosswalk_views import address, pairs
from service.web.forms import texts
from service.web.preferences import name_of
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
JOB = "crosswalk"
SHOWN = 5


@router.get("/curate/crosswalk")
async def show_crosswalks(request: Request, parts: Here) -> Response:
    """What waits and what stands, by two frameworks, and how proposals are made."""

    def render() -> Response:
        return page(
            request,
            "curate/crosswalks.html",
            address=address,
            pairs=pairs(parts.catalogue),
            frameworks=parts.catalogue.frameworks.all(),
            is_ready=parts.live.is_ready,
            jobs=Jobs(parts.settings.home).all(JOB)[:SHOWN],
        )

    return await run_sync(render)


@router.post("/curate/crosswalk")
async def propose_lines(request: Request, parts: Here) -> Response:
    """Start the job that proposes which outcomes of two frameworks correspond."""
    check_all(parts)
    sent = await texts(request)
    framework, other = sent.get("framework", ""), sent.get("other", "")
    if framework == other:
        raise InvalidError("#/other", "choose two different curricula")

    def start() -> str:
        two = two_frameworks(parts.catalogue, f"{framework}/{other}")
        command = (JOB, "--queue", "--", *two.ids)
        return Jobs(parts.settings.home).start(JOB, command, name_of(request)).id

    return RedirectResponse(f"/administration/jobs/{await run_sync(start)}", 303)


# What stands comes before the pages of two frameworks, whose ids may be anything.
for part in (crosswalk_standing, crosswalk_deciding):
    router.include_router(part.router)
