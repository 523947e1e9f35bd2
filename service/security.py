"""Who may ask, under which name, and from where."""

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.errors import GatewaysError
from data.settings import Settings
from service.problems import problem_of, problem_response

# Probes come without a key, and by address.
OPEN = frozenset({"/healthz", "/readyz"})
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
    """Refuses requests for foreign host names, without the key, or sent by foreign pages."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = {name.lower() for name in (*settings.allowed_hosts, settings.host)}
        self._key = _key(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] == "http" and scope["path"] not in OPEN:
            try:
                self._check(scope["method"], Headers(scope=scope))
            except HTTPException as refusal:
                response = problem_response(problem_of(refusal, scope["path"]), refusal.headers)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, method: str, headers: Headers) -> None:
        host = headers.get("host", "")
        if not self._is_allowed(host):
            raise HTTPException(
                400, "this service does not go by that host name; see the setting allowed_hosts"
            )
        if self._key is not None and not _has_key(headers.get("authorization", ""), self._key):
            raise HTTPException(
                401, "the key is missing or wrong", {"WWW-Authenticate": CHALLENGES}
            )
        if method not in SAFE and _is_foreign(headers, host):
            raise HTTPException(403, "a page of another site sent this; it is not carried out")

    def _is_allowed(self, host: str) -> bool:
        return "*" in self._hosts or _name(f"//{host}") in self._hosts


class SecureHeaders:
    """Adds the headers that tell a browser what a page of ours may do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a `send` that adds the headers."""

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, adding)


def _key(settings: Settings) -> bytes | None:
    return settings.api_key.get_secret_value().encode() if settings.api_key else None


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


def _has_key(authorization: str, key: bytes) -> bool:
    return any(hmac.compare_digest(given, key) for given in _credentials(authorization))


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
