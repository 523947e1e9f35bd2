"""Signing in where people are known already."""

from typing import TYPE_CHECKING, Final

from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from service.access.security import PROVIDER, PROVIDER_BACK
from service.parts import Here, Parts
from service.web.preferences import way_back
from service.web.rendering import page

if TYPE_CHECKING:
    from service.access.oidc.login import Login

router = APIRouter(include_in_schema=False)
COOKIE: Final = "openid"


@router.get(PROVIDER)
async def go_to_provider(request: Request, parts: Here, back: str = "/") -> Response:
    """Lead a person to the provider of identities."""
    from service.access.oidc.login import SECONDS

    url, token = await run_sync(_login(parts).begin, way_back(back))
    response = RedirectResponse(url, 303)
    is_secure = parts.sessions.is_secure(request)
    # Lax, since the way back is a link on a page of the provider's.
    response.set_cookie(
        COOKIE,
        token,
        max_age=SECONDS,
        path=PROVIDER,
        httponly=True,
        samesite="lax",
        secure=is_secure,
    )
    return response


@router.get(PROVIDER_BACK)
async def come_back(request: Request, parts: Here) -> Response:
    """Sign in whoever the provider says it is, and lead them on."""
    from service.access.oidc.people import holder_of

    sent, token = dict(request.query_params), request.cookies.get(COOKIE, "")
    claims, back = await run_sync(_login(parts).finish, sent, token)
    holder = holder_of(claims, parts.settings)
    if holder is None:
        raise HTTPException(403, "nothing is open to your groups here; ask an administrator")
    # A page and no redirect: browsers would not send the session's cookie on a way that another
    # site began.
    response = page(request, "signed_in.html", back=back)
    response.delete_cookie(COOKIE, path=PROVIDER, httponly=True, samesite="lax")
    await parts.sessions.begin(request, response, holder)
    return response


def _login(parts: Parts) -> "Login":
    if parts.login is None:
        raise HTTPException(404, "no provider of identities is set here; sign in with a key")
    return parts.login
