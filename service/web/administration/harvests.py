"""Sources with how far their harvests are, and starting a harvest as a job."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.harvesting.progress import State
from data.records import Source
from service.http.problems import existing
from service.jobs.jobs import Jobs
from service.parts import Here, Parts
from service.web.preferences import name_of

router = APIRouter(include_in_schema=False)


@router.post("/administration/sources/{name:path}/harvest")
async def harvest_now(request: Request, parts: Here, name: str) -> Response:
    """Start a harvest, and go on to where it tells how far it is."""

    def start() -> str:
        source = existing(parts.catalogue.sources.get(name), "source", name)
        jobs = Jobs(parts.settings.home)
        return jobs.start("harvest", ("harvest", "--", source.name), name_of(request)).id

    return RedirectResponse(f"/administration/jobs/{await run_sync(start)}", 303)


def harvests(parts: Parts) -> list[tuple[Source, State]]:
    """Every source, and how far its harvest is."""
    return [(source, State.of(source.state)) for source in parts.catalogue.sources.all()]
