"""What a request carries to say who sent it, and from where."""

import base64
import binascii

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from service.access.sessions import COOKIE


def address_of(scope: Scope) -> str:
    """The address that a request came from, "" where it has none."""
    return str(scope["client"][0]) if scope.get("client") else ""


def secret_in(headers: Headers) -> bytes | None:
    """The key of a program: a bearer's token, or the password of HTTP Basic."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip().encode("latin-1")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(given.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return None
    return None


def token_in(headers: Headers) -> bytes | None:
    """The token of the session that a browser says it is in."""
    found = cookie_parser(headers.get("cookie", "")).get(COOKIE)
    return found.encode() if found else None


def is_foreign(headers: Headers, host: str, *, must_say: bool) -> bool:
    """Whether a page of another origin sent this.

    Browsers say so by one of two headers, and programs send neither, which `must_say` refuses.
    """
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in ("same-origin", "none")
    if (origin := headers.get("origin")) is not None:
        return origin.partition("://")[2].lower() != host.lower()
    return must_say
