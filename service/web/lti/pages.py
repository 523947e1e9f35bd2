"""What a launch opens: a search, next steps, a resource, an outcome, a list."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from service.http.problems import existing
from service.lti.tokens import Scope
from service.parts import Here
from service.web import wording
from service.web.find.outcome import outcome_page
from service.web.find.resource import resource_page
from service.web.find.searching import Wanted, search
from service.web.find.shown import Card
from service.web.lti import choosing, launching, steps
from service.web.lti.framing import Framed
from service.web.lti.visiting import Visiting, check_scope, framed_page

router = APIRouter(include_in_schema=False, route_class=Framed)
for part in (launching, choosing, steps):
    router.include_router(part.router)


@router.get("/lti/s/{token}/find")
async def find_in_course(
    request: Request,
    parts: Here,
    visit: Visiting,
    token: str,
    wanted: Annotated[Wanted, Query()],
) -> Response:
    """What was looked for, or how to begin."""
    check_scope(visit, Scope.FIND)
    found = await search(parts, wanted) if wanted.q.strip() else None
    return framed_page(request, visit, token, "lti/find.html", wanted=wanted, found=found)


@router.get("/lti/s/{token}/resources/{resource_id:path}")
async def show_resource_in_course(
    request: Request, parts: Here, visit: Visiting, token: str, resource_id: str
) -> Response:
    """A resource and what it is for."""

    def render() -> Response:
        found = existing(parts.catalogue.resources.get(resource_id), "resource", resource_id)
        shown = resource_page(parts.catalogue, found)
        return framed_page(request, visit, token, "lti/resource.html", shown=shown)

    return await run_sync(render)


@router.get("/lti/s/{token}/outcomes/{outcome_id:path}")
async def show_outcome_in_course(
    request: Request, parts: Here, visit: Visiting, token: str, outcome_id: str
) -> Response:
    """An outcome and the resources that were accepted for it."""

    def render() -> Response:
        found = existing(parts.catalogue.outcomes.get(outcome_id), "outcome", outcome_id)
        reader = wording.chosen(request).tag
        shown = outcome_page(parts.catalogue, None, found, (None, None), reader)
        return framed_page(request, visit, token, "lti/outcome.html", shown=shown)

    return await run_sync(render)


@router.get("/lti/s/{token}/lists/{list_id}")
async def show_list_in_course(
    request: Request, parts: Here, visit: Visiting, token: str, list_id: str
) -> Response:
    """A list, in the order that its maker gave it."""

    def render() -> Response:
        shown = existing(parts.catalogue.lists.get(list_id), "list", list_id)
        resources = parts.catalogue.resources.many(
            (item.resource for item in shown.items), live=True
        )
        cards = {id_: Card(resource=one) for id_, one in resources.items()}
        return framed_page(request, visit, token, "lti/list.html", shown=shown, cards=cards)

    return await run_sync(render)
