"""Every error → problem details (RFC 9457). Nothing internal leaves."""

import errno
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from data.errors import ConflictError, GatewaysError, NotFoundError, UnavailableError

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = "2"

Answer: TypeAlias = Callable[[Request, Exception], Response]
"""What whoever asked is told of an error: a page or problem details, as suits them."""

_DISK: Final[Mapping[int, str]] = {
    errno.ENOSPC: "the disk is full; make room, then try the same again",
    errno.EDQUOT: "the disk's quota is used up; make room, then try the same again",
    errno.EFBIG: "a file may not grow any more; raise the limit, then try the same again",
    errno.EROFS: "the disk is read-only; have it writable, then try the same again",
    errno.EIO: "the disk fails; check it, then try the same again",
}
"""What no request is to blame for, and how it is mended."""

_NO_OBJECT: Final = "must be a JSON object, sent with the header Content-Type: application/json"

T = TypeVar("T")


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(
        description="JSON Pointer into the body (`#/text`), or the name of a parameter (`?limit`) "
        "or of a part of the path (`{decision_id}`).",
        examples=["#/text"],
    )
    reason: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """Problem details, RFC 9457."""

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["#/text: Field required"])
    instance: str = Field(examples=["/v1/suggestions"])
    errors: list[Fault] | None = None


class InvalidError(GatewaysError):
    """A request of which one field is not as it must be."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer}: {reason}")
        self.fault = Fault(pointer=pointer, reason=reason)


class BusyError(UnavailableError):
    """More is under way than can be answered in reasonable time; try again in `seconds`."""

    def __init__(self, reason: str, seconds: int = 1) -> None:
        super().__init__(reason)
        self.seconds = max(1, seconds)


def problem_of(error: Exception, path: str) -> Problem:
    """What the caller is told of `error`, met at `path`."""
    status = _status(error)
    faults = _faults(error)
    return Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=_detail(error, status, faults, path),
        instance=quote(path, safe="/:"),
        errors=faults or None,
    )


def existing(found: T | None, kind: str, id_: str) -> T:
    """What a catalogue's `get` found. Raises NotFoundError that names it if that is nothing."""
    if found is None:
        raise NotFoundError(f"{kind} {id_!r} is not in the catalogue")
    return found


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The problem as a response."""
    return Response(
        problem.model_dump_json(exclude_none=True), problem.status, headers, PROBLEM_JSON
    )


def headers_of(error: Exception) -> dict[str, str]:
    """The headers that go with the status: what is allowed, or when to try again."""
    if isinstance(error, BusyError):
        return {"Retry-After": str(error.seconds)}
    if isinstance(error, UnavailableError) or _of_the_disk(error):
        return {"Retry-After": RETRY_SECONDS}
    return dict(error.headers or {}) if isinstance(error, HTTPException) else {}


def faults_of(errors: Sequence[Mapping[str, Any]], within: str = "#") -> list[Fault]:
    """Faults from the errors of pydantic; `within` is the pointer to what was validated."""
    return [
        Fault(
            pointer="/".join([within, *(_escaped(part) for part in item["loc"])]),
            reason=_reason(item),
        )
        for item in errors
    ]


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, RequestValidationError):
        return 400 if _is_malformed(error) else 422
    if _of_the_disk(error):
        return 503
    statuses = (
        (NotFoundError, 404),
        (ConflictError, 409),
        (BusyError, 429),
        (UnavailableError, 503),
        (GatewaysError, 422),
        (ValidationError, 422),
    )
    return next((status for kind, status in statuses if isinstance(error, kind)), 500)


def _of_the_disk(error: Exception) -> str | None:
    return _DISK.get(error.errno or 0) if isinstance(error, OSError) else None


def _faults(error: Exception) -> list[Fault]:
    if isinstance(error, InvalidError):
        return [error.fault]
    if isinstance(error, ValidationError):
        return faults_of(error.errors())
    if isinstance(error.__cause__, UnicodeDecodeError) and isinstance(error, HTTPException):
        return [Fault(pointer="#", reason=_undecodable(error.__cause__))]
    if not isinstance(error, RequestValidationError):
        return []
    if _is_malformed(error):
        return [Fault(pointer="#", reason=_malformed(error))]
    return [_request_fault(item) for item in error.errors()]


def _request_fault(item: Mapping[str, Any]) -> Fault:
    place, *inner = item["loc"]
    if place == "body" and not inner and item["type"] == "model_attributes_type":
        return Fault(pointer="#", reason=_NO_OBJECT)
    if place == "body":
        return faults_of([{**item, "loc": inner}])[0]
    name = "/".join(map(str, inner))
    return Fault(pointer=f"{{{name}}}" if place == "path" else f"?{name}", reason=_reason(item))


def _detail(error: Exception, status: int, faults: Sequence[Fault], path: str) -> str:
    if faults:
        return "; ".join(f"{fault.pointer}: {fault.reason}" for fault in faults)
    if isinstance(error, GatewaysError):
        return str(error)
    if advice := _of_the_disk(error):
        return advice
    phrase = HTTPStatus(status).phrase
    said = error.detail if isinstance(error, HTTPException) else ""
    if said and said != phrase:
        return said
    return {
        404: f"nothing is at {path}; /openapi.json lists what there is",
        405: f"{path} does not take this method",
        500: "something went wrong here; the log has the details",
    }.get(status, phrase)


def _is_malformed(error: RequestValidationError) -> bool:
    return any(item["type"] == "json_invalid" for item in error.errors())


def _malformed(error: RequestValidationError) -> str:
    found = error.errors()[0]
    return f"not JSON: {found['ctx']['error']} at character {found['loc'][-1]}"


def _undecodable(error: UnicodeDecodeError) -> str:
    """What is not the encoding that JSON's first bytes tell: UTF-8, if not UTF-16 or UTF-32."""
    byte = f"0x{error.object[error.start]:02X} at byte {error.start}"
    return f"{byte} is not {error.encoding.upper()}; send JSON as UTF-8"


def _reason(item: Mapping[str, Any]) -> str:
    return str(item["msg"]).removeprefix("Value error, ")


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
