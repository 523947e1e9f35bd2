"""Signing in with a key, and out; what the browser then has is a session, and no key."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.access.credentials import address_of
from service.access.security import SAFE, SIGN_IN
from service.parts import Here, Parts
from service.web.forms import trimmed_texts
from service.web.preferences import way_back
from service.web.rendering import page, query, wants_page

router = APIRouter(include_in_schema=False)


@router.get(SIGN_IN)
async def ask_for_key(request: Request, parts: Here, back: str = "/") -> Response:
    """Where a person gives their key, or goes to where they are known."""
    return _asked(request, parts, back)


@router.post(SIGN_IN)
async def sign_in(request: Request, parts: Here) -> Response:
    """Begin a session if the key is good, and go where the person wanted to go."""
    sent = await trimmed_texts(request)
    back = sent.get("back", "")
    holder = await parts.keys.holder(sent.get("key", "").encode(), address_of(request.scope))
    if holder is None:
        answer = _asked(request, parts, back, failed=True)
        answer.status_code = 401
        return answer
    response = RedirectResponse(way_back(back), 303)
    await parts.sessions.begin(request, response, holder)
    return response


def lacks_key(request: Request, refusal: Exception) -> bool:
    """Whether a person was refused since they came without a key, which may get them in."""
    is_unknown = isinstance(refusal, HTTPException) and refusal.status_code == 401
    return is_unknown and request.method in SAFE and wants_page(request)


def led_to_sign_in(request: Request) -> Response:
    """To where a person gives their key, and then back to what they asked for."""
    back = request.scope["path"] + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{SIGN_IN}{query(back=back)}", 303)


@router.post("/sign-out")
async def sign_out(request: Request, parts: Here) -> Response:
    """End the session, wherever its token may be, and have the browser forget the pages of it."""
    response = RedirectResponse(SIGN_IN, 303)
    response.headers["clear-site-data"] = '"cache"'  # else Back would bring them to whoever is next
    await parts.sessions.end(request, response)
    return response


def _asked(request: Request, parts: Parts, back: str, *, failed: bool = False) -> Response:
    return page(
        request,
        "sign_in.html",
        back=back,
        is_needed=parts.keys.is_needed,
        provider=parts.settings.oidc_issuer,
        failed=failed,
    )
