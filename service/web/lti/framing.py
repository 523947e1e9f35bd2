"""Routes whose answers may stand in a frame of the registered platforms, and nowhere else."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from data.catalogue import Catalogue
from data.errors import GatewaysError
from service.http.problems import problem_of
from service.http.secure_headers import HEADERS
from service.lti.refusals import LaunchError
from service.web.lti.explained import EXPLAINED
from service.web.rendering import page

log = logging.getLogger(__name__)
POLICY: Final = "Content-Security-Policy"


class Framed(APIRoute):
    """A route that says by its policy who may frame it, also where it answers with a problem."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with all that around it."""
        handle = super().get_route_handler()

        async def framed(request: Request) -> Response:
            try:
                response = await handle(request)
            except LaunchError as error:
                response = refused(request, error)
            except (GatewaysError, HTTPException, RequestValidationError) as error:
                response = _problem(request, error)
            origins = await run_sync(_origins, request.app.state.parts.catalogue)
            response.headers[POLICY] = _policy(origins, getattr(request.state, "posts_to", None))
            return response

        return framed


def posts_to(request: Request, origin: str | None) -> None:
    """Let a form of the page that answers this request be sent to that origin."""
    request.state.posts_to = origin


def refused(request: Request, error: LaunchError) -> Response:
    """Why a launch is refused, for people; which check it was is for the log alone."""
    log.warning("a launch was refused: %s", error.reason.value)
    explained = EXPLAINED[error.reason]
    response = page(request, "lti/refused.html", text=explained.text, help=explained.help)
    response.status_code = explained.status
    return response


def _problem(request: Request, error: Exception) -> Response:
    problem = problem_of(error, request.scope["path"])
    response = page(request, "lti/problem.html", problem=problem)
    response.status_code = problem.status
    return response


def _origins(catalogue: Catalogue) -> list[str]:
    found = {origin for one in catalogue.lti_platforms.all() for origin in one.origins}
    return sorted(found)


def _policy(frames: list[str], form: str | None) -> str:
    policy = HEADERS[POLICY]
    if frames:
        policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(frames)}")
    return policy.replace("form-action 'self'", f"form-action 'self' {form}") if form else policy
