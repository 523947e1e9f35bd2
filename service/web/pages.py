"""All pages, put together, with the files that they need."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from service.web import jobs, openid, preferences, signing_in
from service.web.administration import pages as administration
from service.web.ask import pages as ask
from service.web.coverage import pages as coverage
from service.web.curate import pages as curate
from service.web.evidence import pages as evidence
from service.web.find import pages as find
from service.web.learners import pages as learners
from service.web.lists import pages as lists
from service.web.lti import pages as lti
from service.web.models import pages as models
from service.web.norms import pages as norms
from service.web.platforms import pages as platforms
from service.web.rendering import STATIC, page

router = APIRouter(include_in_schema=False)
ROOMS = (
    ask,
    curate,
    learners,
    find,
    coverage,
    lists,
    norms,
    platforms,
    evidence,
    lti,
    models,
    jobs,
    administration,
    preferences,
    signing_in,
    openid,
)
FOR_A_YEAR = "public, max-age=31536000, immutable"


def mount(app: FastAPI) -> None:
    """Add the pages and their static files to the application."""
    app.include_router(router)
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", _Static(directory=STATIC), name="static")


@router.get("/")
async def show_home(request: Request) -> Response:
    """What can be done here, and by whom."""
    return page(request, "home.html")


@router.get("/offline")
async def show_offline(request: Request) -> Response:
    """What is read where there is no network and the page was never read before."""
    return page(request, "offline.html")


@router.get("/worker.js")
async def service_worker() -> Response:
    """The script that keeps what was read; it lies at the top, so that it may keep every page."""
    return FileResponse(STATIC / "worker.js", headers={"Cache-Control": "no-cache"})


class _Static(StaticFiles):
    """Files whose address names their content are never asked for twice."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or what Starlette answers for none."""
        response = await super().get_response(path, scope)
        if scope["query_string"] and response.status_code == 200:
            response.headers["Cache-Control"] = FOR_A_YEAR
        return response
