"""The description of the API, with errors as the problem details that they are."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from service.http.attending import ALWAYS
from service.http.problems import PROBLEM_JSON

DESCRIPTION = """
Suggests which outcomes of a curriculum a learning resource teaches, and keeps what curators decide.

Lists answer `items` and `next`, a cursor or null. Every error is problem details (RFC 9457).
"""

# Interfaces whose routes are BadRequestRoutes.
NEVER_422 = frozenset({"annif", "kolibri"})
OTHERWISE = "Refused, or not possible now"
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def operation_id(route: APIRoute) -> str:
    """The function's name reads well and is unique."""
    return route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `app`, made at the first call."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes
        )
        for path, operations in document["paths"].items():
            for operation in operations.values():
                if path not in ALWAYS:
                    for status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
                        told = {"description": status.phrase}
                        operation["responses"].setdefault(str(status.value), told)
                if not NEVER_422.isdisjoint(operation.get("tags", ())):
                    operation["responses"].pop("422", None)
                operation["responses"]["default"] = {"description": OTHERWISE}
                _correct(operation["responses"])
        for unused in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(unused, None)
        app.openapi_schema = document
    return app.openapi_schema


def _correct(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "400":  # also `default`: what is not told here is a problem as well
            own = {
                kind: said for kind, said in response.get("content", {}).items() if _is_own(said)
            }
            response["content"] = own | {PROBLEM_JSON: {"schema": PROBLEM}}


def _is_own(said: dict[str, Any]) -> bool:
    """Whether a route itself says what it answers, besides a problem."""
    name = said.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return name not in ("", "Problem", "HTTPValidationError")
