"""Errors as CASE has them: imsx_StatusInfo, for all that is asked below its path."""

from collections.abc import Mapping
from typing import Final

from fastapi.responses import JSONResponse
from starlette.responses import Response

from data.errors import GatewaysError
from service.http.problems import Problem

CASE_PATH: Final = "/ims/case/"
_CODES: Mapping[int, str] = {
    400: "invalid_selection_field",
    401: "unauthorisedrequest",
    403: "forbidden",
    404: "unknownobject",
    405: "forbidden",
    413: "forbidden",
    429: "server_busy",
    503: "server_busy",
}
_INTERNAL = "internal_server_error"


class CaseError(GatewaysError):
    """A request that CASE has a code for; `field` is what of it is wrong."""

    def __init__(self, reason: str, status: int, code: str, field: str) -> None:
        super().__init__(reason)
        self.status = status
        self.code = code
        self.field = field


def is_case(path: str) -> bool:
    """Whether a path is one of those whose errors are told so."""
    return path.startswith(CASE_PATH)


def status_info(
    error: Exception, problem: Problem, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to a request that failed."""
    if isinstance(error, CaseError):
        status, code, field = error.status, error.code, error.field
    else:
        # A parameter that cannot be read is a bad request here.
        status = 400 if problem.status == 422 else problem.status
        code = _CODES.get(status, _INTERNAL)
        faults = problem.errors or []
        field = faults[0].pointer.strip("?#/{}") if faults else "sourcedId"
    minor = {"imsx_codeMinorFieldName": field, "imsx_codeMinorFieldValue": code}
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": problem.detail,
        "imsx_codeMinor": {"imsx_codeMinorField": [minor]},
    }
    return JSONResponse(body, status, dict(headers or {}))
