"""Signing in with a key: it is kept in a cookie that no script reads and no other site sends."""

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.access.security import KEY, SAFE, SIGN_IN
from service.parts import Here
from service.web.preferences import way_back
from service.web.rendering import page, query, wants_page

router = APIRouter(include_in_schema=False)
A_MONTH: Final = 30 * 24 * 3600


@router.get(SIGN_IN)
async def ask_for_key(request: Request, parts: Here, back: str = "/") -> Response:
    """Where a person gives their key."""
    return page(request, "sign_in.html", back=back, is_needed=parts.keys.is_needed, failed=False)


@router.post(SIGN_IN)
async def sign_in(request: Request, parts: Here) -> Response:
    """Keep the key if it is good, and go where the person wanted to go."""
    sent = await request.form()
    secret, back = (str(sent.get(name, "")).strip() for name in ("key", "back"))
    if await parts.keys.holder(secret.encode()) is None:
        answer = page(
            request, "sign_in.html", back=back, is_needed=parts.keys.is_needed, failed=True
        )
        answer.status_code = 401
        return answer
    response = RedirectResponse(way_back(back), 303)
    response.set_cookie(
        KEY,
        quote(secret),
        max_age=A_MONTH,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
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
async def sign_out() -> Response:
    """Forget the key."""
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(KEY, httponly=True, samesite="strict")
    return response
