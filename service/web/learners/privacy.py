"""What is stored about a learner: to see, to download, to erase."""

from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.errors import NotFoundError
from data.records import LearnerRecord
from service.api.learner_names import NameOnPage
from service.api.wire import Id
from service.http.problems import InvalidError
from service.parts import Here
from service.web.learners.start import Start
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
LATEST = 20


@router.get("/learners/{learner:path}/privacy")
async def show_privacy(
    request: Request, parts: Here, learner: Id, name: NameOnPage, start: Start
) -> Response:
    """All that is stored, in numbers and the latest of it in full."""

    def render() -> Response:
        try:
            kept = parts.learning.export(name)
        except NotFoundError:
            kept = LearnerRecord(learner=name, interactions=(), statements=(), recommendations=())
        resources = (one.resource for one in kept.interactions[-LATEST:] if one.resource)
        return page(
            request,
            "learners/privacy.html",
            learner=learner,
            start=start,
            kept=kept,
            latest=kept.interactions[: -LATEST - 1 : -1],
            resources=parts.catalogue.resources.many(resources),
            is_hashed=parts.settings.learner_key is not None,
        )

    return await run_sync(render)


@router.post("/learners/{learner:path}/erasure")
async def erase_on_page(request: Request, parts: Here, learner: Id, name: NameOnPage) -> Response:
    """Erase all of it; the form's box says that it is meant."""
    if not (await request.form()).get("sure"):
        where = f"/learners/{quote(learner)}/privacy"
        raise InvalidError("#/sure", f"tick the box that says so, at {where}; nothing was erased")
    await run_sync(parts.learning.erase, name)
    return RedirectResponse("/learners?erased=1", 303)
