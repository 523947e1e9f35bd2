"""What platforms send us to: a login, a launch, our public keys, how we are registered."""

import re
import secrets
from collections.abc import Sequence
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from service.lti.configuration import configuration
from service.lti.places import CONFIGURATION, JWKS, LAUNCH, LOGIN
from service.lti.tokens import STATE_SECONDS
from service.parts import Here
from service.web.forms import texts
from service.web.lti.framing import Framed
from service.web.rendering import page, query

router = APIRouter(include_in_schema=False, route_class=Framed)
BROWSER: Final = "lti"
"""The cookie by which a launch is known to come from the browser in which its login began."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32}")
CHECKED: Final = "checked"
TAKEN: Final[Sequence[str]] = (
    "iss",
    "client_id",
    "login_hint",
    "lti_message_hint",
    "target_link_uri",
)


@router.get(LOGIN)
@router.post(LOGIN)
async def begin_login(request: Request, parts: Here) -> Response:
    """Send the browser to the platform, once it is sure that it will be known when it returns."""
    given = {**request.query_params, **await texts(request)}
    sent = {name: given[name] for name in TAKEN if name in given}
    browser = _browser(request)
    is_secure = parts.lti.public_url.startswith("https:")
    if browser is None and CHECKED in given:
        return page(request, "lti/window.html", again=f"{LOGIN}{query(**sent)}")
    if browser is None:
        browser = secrets.token_urlsafe(24)
        response = RedirectResponse(f"{LOGIN}{query(**sent, checked=1)}", 303)
    else:
        response = RedirectResponse(await run_sync(parts.lti.login, sent, browser), 303)
    response.headers.append("Set-Cookie", _cookie(browser, is_secure=is_secure))
    return response


@router.post(LAUNCH)
async def launch(request: Request, parts: Here) -> Response:
    """Let a launch in that is what it should be, and go on to what it opens."""
    sent = await texts(request)
    browser = _browser(request) or ""
    return RedirectResponse(await run_sync(parts.lti.launch, sent, browser), 303)


@router.get(JWKS)
async def public_keys(parts: Here) -> Response:
    """The keys with which platforms check what we sign."""
    pairs = await run_sync(parts.lti.keys.all)
    return JSONResponse({"keys": [pair.jwk for pair in pairs]})


@router.get(CONFIGURATION)
async def show_configuration(parts: Here) -> Response:
    """How we are registered with a platform, for a program to read."""
    return JSONResponse(configuration(parts.lti.public_url))


def _browser(request: Request) -> str | None:
    found = request.cookies.get(BROWSER, "")
    return found if _SECRET.fullmatch(found) else None


def _cookie(browser: str, *, is_secure: bool) -> str:
    # In a frame a browser keeps it for the platform around it alone, and gives it to no other.
    kept = f"{BROWSER}={browser}; Path=/lti; Max-Age={STATE_SECONDS}; HttpOnly"
    return f"{kept}; Secure; SameSite=None; Partitioned" if is_secure else kept
