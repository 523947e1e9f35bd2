"""The public report: of all platforms together, and of each."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from evaluation.evidence.figure import ALL
from evaluation.evidence.measures import MEASURES
from evaluation.evidence.practices import ENOUGH
from evaluation.evidence.report import Report
from evaluation.evidence.tables import ONE_LINER
from evaluation.evidence.view import carrying
from evaluation.reporting import plots
from service.access.roles import least_role
from service.asking.reported import existing_report, latest
from service.jobs.jobs import Jobs
from service.parts import Here, Parts
from service.web.evidence.texts import SLICES
from service.web.evidence.views import HEADLINES, called, described, is_drawn, shown
from service.web.preferences import name_of
from service.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/evidence")
async def show_evidence(request: Request, parts: Here, framework: str = "") -> Response:
    """The report on all platforms together, or how one is made."""

    def render() -> Response:
        report = latest(parts.settings)
        if report is None:
            return _none_yet(request, parts)
        return _report(request, report, ALL, framework)

    return await run_sync(render)


@router.post("/evidence")
async def make_report(request: Request, parts: Here) -> Response:
    """Start to make a report, and go on to where it tells how far it is."""
    jobs = Jobs(parts.settings.home)
    job = await run_sync(jobs.start, "evidence", ("evidence",), name_of(request))
    return RedirectResponse(f"/administration/jobs/{job.id}", 303)


@router.get("/evidence/{platform:path}")
async def show_platform(
    request: Request, parts: Here, platform: str, framework: str = ""
) -> Response:
    """The report on one platform."""

    def render() -> Response:
        return _report(request, existing_report(parts.settings, None), platform, framework)

    return await run_sync(render)


def _report(request: Request, report: Report, platform: str, framework: str) -> Response:
    names = {one.id: one.name for one in report.platforms}
    return page(
        request,
        "evidence/evidence.html",
        report=report,
        found=shown(report, platform, framework),
        names=names,
        halves=[[names[id_] for id_ in half] for half in report.halves or ()],
        measures=MEASURES,
        columns=HEADLINES,
        slices=SLICES,
        called=lambda by, value: called(by, value, report),
        described=lambda one: described(one, report),
        is_drawn=is_drawn,
        carrying=carrying,
        plots=plots,
        enough=ENOUGH,
        one_liner=ONE_LINER,
        may_make=_may_make(request),
    )


def _none_yet(request: Request, parts: Parts) -> Response:
    return page(
        request,
        "evidence/none.html",
        is_bare=not parts.catalogue.counts()["resources"],
        may_make=_may_make(request),
    )


def _may_make(request: Request) -> bool:
    holder = request.scope.get("state", {}).get("holder")
    return holder is None or holder.role.covers(least_role("POST", "/evidence"))
