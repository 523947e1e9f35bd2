"""Who comes in by a token, and what a page below it needs to know."""

from typing import Annotated, Any, Final

from anyio.to_thread import run_sync
from fastapi import Depends, Request
from starlette.responses import Response

from service.lti.places import VISITS
from service.lti.refusals import LaunchError, Reason
from service.lti.tokens import Scope, Visit
from service.parts import Here
from service.web.rendering import page
from service.web.wording import AROUND

STARTS: Final = {Scope.FIND: "/find", Scope.STEPS: "/steps", Scope.CHOOSE: "/choose"}


async def _visit(request: Request, parts: Here, token: str) -> Visit:
    visit = await run_sync(parts.lti.visit, token)
    setattr(request.state, AROUND, visit.language)
    return visit


Visiting = Annotated[Visit, Depends(_visit)]


def check_scope(visit: Visit, wanted: Scope) -> None:
    """Raise LaunchError unless the launch may see that."""
    if visit.scope is not wanted:
        raise LaunchError(Reason.NOT_HERE)


def framed_page(
    request: Request, visit: Visit, token: str, template: str, **values: Any
) -> Response:
    """A page below a token; `within` is where its links begin, `start` where the visit began."""
    within = f"{VISITS}{token}"
    start = within + STARTS[visit.scope] if visit.scope in STARTS else None
    return page(request, template, within=within, start=start, **values)
