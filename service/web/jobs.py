"""One job's page: how far it is, what it said, and how to end it or start it again."""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.catalogue.keys import Role
from service.access.roles import least_role
from service.jobs.jobs import Job, Jobs, State, step_of
from service.parts import Here
from service.web.preferences import name_of
from service.web.rendering import page, wants_part
from service.web.wording import message

router = APIRouter(include_in_schema=False)
STATES: Final = {
    State.RUNNING: message("Running"),
    State.FINISHED: message("Finished"),
    State.FAILED: message("Failed"),
    State.CANCELLED: message("Cancelled"),
    State.INTERRUPTED: message("Interrupted"),
}
LEAST: Final = {"harvest": Role.ADMINISTRATOR}
"""Kinds of job that tell of more than those who follow jobs may know, such as what hosts answer."""

SECONDS: Final = 2
"""How often a page looks how far a job is."""


@router.get("/models/jobs/{id_}")
@router.get("/administration/jobs/{id_}")
async def show_job(request: Request, parts: Here, id_: str) -> Response:
    """A job; a script that asks gets the part that changes."""
    jobs = Jobs(parts.settings.home)
    template = "jobs/progress.html" if wants_part(request) else "jobs/job.html"

    def render() -> Response:
        job = _checked(request, jobs.get(id_))
        lines = jobs.tail(id_)
        return page(
            request,
            template,
            room=_room(request),
            job=job,
            lines=lines,
            step=step_of(lines) if job.is_running else None,
            may_change=_may_change(request),
            seconds=SECONDS,
            states=STATES,
        )

    return await run_sync(render)


@router.post("/models/jobs/{id_}/cancel")
@router.post("/administration/jobs/{id_}/cancel")
async def cancel_job(request: Request, parts: Here, id_: str) -> Response:
    """End a job; what it has made so far stays."""
    jobs = Jobs(parts.settings.home)

    def cancel() -> None:
        _checked(request, jobs.get(id_))
        jobs.cancel(id_, name_of(request))

    await run_sync(cancel)
    return RedirectResponse(f"/{_room(request)}/jobs/{id_}", 303)


@router.post("/models/jobs/{id_}/again")
@router.post("/administration/jobs/{id_}/again")
async def start_again(request: Request, parts: Here, id_: str) -> Response:
    """Start the same command once more; one that goes on where it was does so."""
    jobs = Jobs(parts.settings.home)

    def start() -> Job:
        before = _checked(request, jobs.get(id_))
        return jobs.start(before.what, before.arguments, name_of(request))

    job = await run_sync(start)
    return RedirectResponse(f"/{_room(request)}/jobs/{job.id}", 303)


def may_see(request: Request, job: Job) -> bool:
    """Whether the reader's role opens a job of that kind."""
    holder = request.scope.get("state", {}).get("holder")
    return holder is None or holder.role.covers(LEAST.get(job.what, Role.READER))


def _checked(request: Request, job: Job) -> Job:
    if not may_see(request, job):
        raise HTTPException(403, f"a {job.what} takes the role {LEAST[job.what]}")
    return job


def _may_change(request: Request) -> bool:
    """Whether the reader may end the job, or start it again."""
    holder = request.scope.get("state", {}).get("holder")
    return holder is None or holder.role.covers(least_role("POST", request.url.path))


def _room(request: Request) -> str:
    """The room that the reader is in: scientists and administrators both look at jobs."""
    return request.url.path.split("/")[1]
