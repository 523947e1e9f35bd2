"""Which languages a request asks for."""

from typing import Final

from langcodes import tag_is_valid
from starlette.requests import Request

COOKIE: Final = "interface"
"""The cookie that has the language that a reader picked."""


def wished(request: Request) -> str:
    """The language (BCP 47) that the reader picked, else what they ask for first; "" for none."""
    accepted = accepted_by(request)
    return request.cookies.get(COOKIE, "") or next(iter(accepted), "")


def accepted_by(request: Request) -> list[str]:
    """The tags of the header Accept-Language, the most wanted first."""
    weighed = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((float(weight or 1), tag))
        except ValueError:
            continue
    wanted = [tag for weight, tag in sorted(weighed, key=lambda pair: -pair[0]) if weight]
    return [tag for tag in wanted if tag_is_valid(tag)]
