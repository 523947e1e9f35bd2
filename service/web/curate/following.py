"""What comes after a resource, to be looked at while the decision on that one is kept."""

import time
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from service.parts import Here
from service.web.curate.asking import wanted
from service.web.curate.taking import blind_to, following, question_of
from service.web.curate.views import made_today, work
from service.web.preferences import name_of
from service.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/curate/following")
async def show_following(request: Request, parts: Here, after: Annotated[str, Query()]) -> Response:
    """The next resource, neither claimed nor kept as shown, which its own page will do."""
    asked, curator = wanted(request.query_params), name_of(request)

    def render() -> Response:
        name = following(parts, asked, curator, time.time(), after)
        resource = parts.catalogue.resources.get(name) if name is not None else None
        if resource is None:
            return Response(status_code=204)
        serving = parts.live.serving()
        answer = parts.ahead.prepare(serving, question_of(parts, asked, resource, curator))
        if answer is None:
            return Response(status_code=204)
        unseen = blind_to(parts, asked, resource.id, curator)
        return page(
            request,
            "curate/coming.html",
            work=work(parts.catalogue, resource, serving.aligner, answer, unseen),
            asked=asked,
            today=made_today(parts.catalogue, curator),
            waiting=parts.catalogue.queue.waiting(asked.only),
        )

    return await run_sync(render)
