"""Two editions of a curriculum side by side, and carrying over from the one to the other."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.catalogue import Catalogue
from service.access.territory import check_all
from service.http.problems import InvalidError, existing
from service.jobs.jobs import Jobs
from service.parts import Here, Parts
from service.web.coverage.compared import compared_soon
from service.web.coverage.edition_views import CHANGED, EVIDENCE, KINDS, SHOWN, editions_view
from service.web.forms import texts
from service.web.preferences import name_of
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
JOB = "carry"


@router.get("/coverage/editions")
async def show_editions(
    request: Request,
    parts: Here,
    old: str = "",
    new: str = "",
    kind: str = CHANGED,
    start: int = 0,
) -> Response:
    """What has become of each outcome; without two editions, which there are."""
    if not old or not new:
        return await run_sync(_choice, request, parts.catalogue)
    if kind not in KINDS:
        raise InvalidError("?kind", f"{kind!r} is none of {', '.join(KINDS)}")
    return await run_sync(_editions, request, parts, (old, new), kind, max(0, start))


@router.post("/coverage/editions")
async def carry_over(request: Request, parts: Here) -> Response:
    """Start carrying over as a job."""
    check_all(parts)
    sent = await texts(request)

    def start() -> str:
        old, new = (
            existing(parts.catalogue.frameworks.get(sent.get(name, "")), "framework", name).id
            for name in ("old", "new")
        )
        arguments = ("editions", "carry", "--", old, new)
        return Jobs(parts.settings.home).start(JOB, arguments, name_of(request)).id

    return RedirectResponse(f"/administration/jobs/{await run_sync(start)}", 303)


def _choice(request: Request, catalogue: Catalogue) -> Response:
    frameworks = catalogue.frameworks.by_id()
    known = [
        (frameworks[old], frameworks[new])
        for old, those in sorted(catalogue.editions.newer().items())
        for new in those
        if old in frameworks and new in frameworks
    ]
    return page(request, "coverage/editions.html", known=known, frameworks=[*frameworks.values()])


def _editions(
    request: Request, parts: Parts, two: tuple[str, str], kind: str, start: int
) -> Response:
    old, new = (existing(parts.catalogue.frameworks.get(id_), "framework", id_) for id_ in two)
    found = compared_soon(parts, old.id, new.id)
    return page(
        request,
        "coverage/edition.html",
        old=old,
        new=new,
        kind=kind,
        start=start,
        kinds=KINDS,
        evidence=EVIDENCE,
        most=SHOWN,
        shown=editions_view(parts.catalogue, found, kind, start) if found else None,
    )
