"""ETags: what is unchanged is not sent again, and what has changed is not overwritten."""

import hashlib
from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel

IfNoneMatch = Annotated[
    str | None, Header(description="The ETag that you have; 304 if it is still the present one.")
]
IfMatch = Annotated[
    str | None, Header(description="The ETag that you read; 412 if it is not the present one.")
]


def quoted(version: str) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def matches(header: str, etag: str) -> bool:
    """Whether `etag` is among those of an If-Match or If-None-Match header (RFC 9110, 13.1)."""
    given = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in given or etag in given


def tagged(answer: BaseModel, if_none_match: str | None, version: str | None = None) -> Response:
    """`answer` as JSON, or 304; its ETag is of `version` or, if that is not given, its content."""
    body = answer.model_dump_json()
    etag = quoted(version or hashlib.sha256(body.encode()).hexdigest()[:32])
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if if_none_match is not None and matches(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "application/json")
