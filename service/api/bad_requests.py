"""Routes of interfaces that others made, which say 400 of whatever is wrong with a request."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from data.errors import GatewaysError
from service.http.problems import problem_of, problem_response


class BadRequestRoute(APIRoute):
    """Answers 400 where our own routes answer 422."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, which answers what is invalid itself."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except (RequestValidationError, GatewaysError) as error:
                problem = problem_of(error, request.scope["path"])
                if problem.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                    raise
                problem.status = HTTPStatus.BAD_REQUEST
                problem.title = HTTPStatus.BAD_REQUEST.phrase
                return problem_response(problem)

        return answer
