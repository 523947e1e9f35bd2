"""Who may ask, under which name, and from where."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from data.errors import GatewaysError
from data.settings import Settings
from service.access.allowance import Allowance, who_is_at
from service.access.credentials import address_of, is_foreign, secret_in, token_in
from service.access.keyring import Holder, KeyRing
from service.access.roles import least_role
from service.access.sessions import Sessions
from service.http.problems import Answer
from service.lti.places import LAUNCH, LOGIN

# Probes come without a key, and by address.
OPEN = frozenset({"/healthz", "/readyz"})
SIGN_IN: Final = "/sign-in"
STATIC: Final = "/static/"
LTI: Final = "/lti/"
"""What is below it is opened by a launch, whose token stands in place of a key."""

PROVIDER: Final = "/sign-in/openid"
PROVIDER_BACK: Final = "/sign-in/openid/back"
FOR_ALL: Final = frozenset({SIGN_IN, PROVIDER, PROVIDER_BACK})
SENT_FROM_ELSEWHERE: Final = frozenset({LOGIN, LAUNCH})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CHALLENGES = 'Basic realm="gateways", charset="UTF-8", Bearer realm="gateways"'
BURST_SECONDS: Final = 10
"""Seconds of which the whole allowance may be asked for at once."""


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

    `answer` tells of it. Where keys are needed, it also refuses more requests than one key or
    address may send.
    """

    def __init__(self, app: ASGIApp, settings: Settings, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._hosts = {name.lower() for name in (*settings.allowed_hosts, settings.host)}
        burst = max(1, settings.rate_limit * BURST_SECONDS // 60)
        self._allowance = Allowance(settings.rate_limit, burst)

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
        parts = scope["app"].state.parts
        keys: KeyRing = parts.keys
        is_signed_in = keys.is_needed and await self._admit(scope, headers, keys, parts.sessions)
        is_sent = scope["method"] not in SAFE and scope["path"] not in SENT_FROM_ELSEWHERE
        if is_sent and is_foreign(headers, host, must_say=is_signed_in):
            raise HTTPException(403, "a page of another site sent this; it is not carried out")

    async def _admit(
        self, scope: Scope, headers: Headers, keys: KeyRing, sessions: Sessions
    ) -> bool:
        """Note who came in, and tell whether it was by a session. Raises HTTPException."""
        address, holder, is_signed_in = address_of(scope), None, False
        if (secret := secret_in(headers)) is not None:
            holder = await keys.holder(secret, address)
        if holder is None and (token := token_in(headers)) is not None:
            holder = await sessions.holder(token)
            is_signed_in = holder is not None
        scope.setdefault("state", {})["holder"] = holder
        if not scope["path"].startswith(STATIC):
            self._allowance.take(holder.source if holder else who_is_at(address))
        _check_role(scope, holder)
        return is_signed_in

    def _is_allowed(self, host: str) -> bool:
        return "*" in self._hosts or _name(f"//{host}") in self._hosts


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


def _check_role(scope: Scope, holder: Holder | None) -> None:
    """Raise HTTPException where nobody came in who may do this."""
    method, path = scope["method"], scope["path"]
    if path in FOR_ALL or path.startswith((STATIC, LTI)):
        return
    if holder is None:
        raise HTTPException(401, "the key is missing or wrong", {"WWW-Authenticate": CHALLENGES})
    least = least_role(method, path)
    if not holder.role.covers(least):
        raise HTTPException(
            403, f"that takes the role {least}, and this key has {holder.role}; ask for another"
        )
