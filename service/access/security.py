"""Who may ask, under which name, and from where."""

import base64
import binascii
import ipaddress
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.errors import GatewaysError
from data.settings import Settings
from service.access.keyring import KeyRing
from service.access.roles import least_role
from service.http.problems import Answer
from service.lti.places import LAUNCH, LOGIN

# Probes come without a key, and by address.
OPEN = frozenset({"/healthz", "/readyz"})
KEY: Final = "key"
"""The cookie that has the key of a person who signed in."""

SIGN_IN: Final = "/sign-in"
STATIC: Final = "/static/"
LTI: Final = "/lti/"
"""What is below it is opened by a launch, whose token stands in place of a key."""

SENT_FROM_ELSEWHERE: Final = frozenset({LOGIN, LAUNCH})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CHALLENGES = 'Basic realm="gateways", charset="UTF-8", Bearer realm="gateways"'
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check_host(settings: Settings) -> None:
    """Raise GatewaysError if the service would listen beyond this machine without a key."""
    if settings.api_key is None and not _is_loopback(settings.host):
        raise GatewaysError(
            f"serve: {settings.host} can be reached from other machines, so a key is needed: set "
            "GATEWAYS_API_KEY to a long random text (`openssl rand -hex 32`), or listen on "
            "127.0.0.1"
        )


class Guard:
    """Refuses foreign host names, keys that are missing or may not do this, and foreign pages.

    `answer` tells of it.
    """

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._hosts = {name.lower() for name in (*settings.allowed_hosts, settings.host)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its `holder` in its state, or answer it with a problem."""
        if scope["type"] == "http" and scope["path"] not in OPEN:
            try:
                await self._check(scope, Headers(scope=scope))
            except HTTPException as refusal:
                response = self._answer(Request(scope), refusal)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _check(self, scope: Scope, headers: Headers) -> None:
        host = headers.get("host", "")
        if not self._is_allowed(host):
            raise HTTPException(
                400, "this service does not go by that host name; see the setting allowed_hosts"
            )
        keys: KeyRing = scope["app"].state.parts.keys
        if keys.is_needed:
            await _check_key(scope, headers, keys)
        is_sent = scope["method"] not in SAFE and scope["path"] not in SENT_FROM_ELSEWHERE
        if is_sent and _is_foreign(headers, host):
            raise HTTPException(403, "a page of another site sent this; it is not carried out")

    def _is_allowed(self, host: str) -> bool:
        return "*" in self._hosts or _name(f"//{host}") in self._hosts


class SecureHeaders:
    """Adds the headers that tell a browser what a page of ours may do, unless it says so itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a `send` that adds the headers."""

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, adding)


def _is_loopback(host: str) -> bool:
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


async def _check_key(scope: Scope, headers: Headers, keys: KeyRing) -> None:
    """Note who came in with a key. Raises HTTPException without one, or one that may not."""
    given = [*_credentials(headers.get("authorization", "")), *_cookies(headers)]
    holders = [found for secret in given if (found := await keys.holder(secret)) is not None]
    scope.setdefault("state", {})["holder"] = holders[0] if holders else None
    method, path = scope["method"], scope["path"]
    if path == SIGN_IN or path.startswith((STATIC, LTI)):
        return
    if not holders:
        raise HTTPException(401, "the key is missing or wrong", {"WWW-Authenticate": CHALLENGES})
    least = least_role(method, path)
    if not holders[0].role.covers(least):
        raise HTTPException(
            403, f"that takes the role {least}, and this key has {holders[0].role}; ask for another"
        )


def _cookies(headers: Headers) -> Iterable[bytes]:
    if secret := cookie_parser(headers.get("cookie", "")).get(KEY):
        yield unquote(secret).encode()


def _credentials(authorization: str) -> Iterable[bytes]:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "bearer":
        yield given.strip().encode("latin-1")
    elif scheme.lower() == "basic":
        try:
            yield base64.b64decode(given.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return


def _is_foreign(headers: Headers, host: str) -> bool:
    """Whether a page of another origin sent this; programs send neither of these headers."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != host.lower()
