"""Another outcome than those suggested: searched for while it is typed."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from service.api.wire import Id
from service.asking.searching import nearest_outcomes
from service.http.problems import existing
from service.parts import Here
from service.web.curate.asking import wanted
from service.web.rendering import page, wants_part

router = APIRouter(include_in_schema=False)
FOUND = 8


@router.get("/curate/outcomes")
async def find_outcomes(
    request: Request,
    parts: Here,
    resource: Id,
    q: Annotated[str, Query(max_length=500)] = "",
    suggestion: str = "",
) -> Response:
    """Outcomes in these words or of this meaning, to accept for the resource."""
    found = await nearest_outcomes(parts, q, most=FOUND) if q.strip() else []
    asked = wanted(request.query_params)

    def render() -> Response:
        there = existing(parts.catalogue.resources.get(resource), "resource", resource)
        return page(
            request,
            "curate/found.html" if wants_part(request) else "curate/elsewhere.html",
            found=found,
            q=q,
            resource=there,
            suggestion=suggestion,
            asked=asked,
            verdicts=parts.catalogue.ledger.standing(resource),
            frameworks=parts.catalogue.frameworks.by_id(),
        )

    return await run_sync(render)
