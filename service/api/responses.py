"""The errors of each route, for the API's description."""

from http import HTTPStatus
from typing import Any

from service.http.problems import Problem

Responses = dict[int | str, dict[str, Any]]


def errors(*statuses: int) -> Responses:
    """Document problem details for these statuses."""
    return {
        status: {"model": Problem, "description": HTTPStatus(status).phrase}
        for status in sorted(statuses)
    }
