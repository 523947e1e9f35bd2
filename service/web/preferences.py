"""What a person picked for their pages: language, light or dark, and the name they work under."""

from typing import Final
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from service.http.languages import COOKIE
from service.http.problems import InvalidError
from service.web import wording
from service.web.forms import texts
from service.web.labels import THEMES
from service.web.rendering import THEME

router = APIRouter(include_in_schema=False)
NAME: Final = "name"
NOBODY: Final = "web"
LONGEST_NAME: Final = 60
A_YEAR: Final = 365 * 24 * 3600


@router.post("/preferences")
async def prefer(request: Request) -> Response:
    """Keep what was picked in cookies, and go back to where it was picked."""
    sent = await texts(request)
    response = RedirectResponse(way_back(sent.get("back", "/")), 303)
    for name in (COOKIE, THEME, NAME):
        if name in sent:
            _keep(response, name, _allowed(name, sent[name].strip()))
    return response


def name_of(request: Request) -> str:
    """The name that a person's decisions are kept under: their key's, else what they gave."""
    holder = request.scope.get("state", {}).get("holder")
    if holder is not None and holder.name is not None:
        return str(holder.name)
    return unquote(request.cookies.get(NAME, "")) or NOBODY


def _keep(response: Response, name: str, value: str) -> None:
    # Cookies are ASCII, names of people are not.
    response.set_cookie(name, quote(value), max_age=A_YEAR, httponly=True, samesite="lax")


def _allowed(name: str, value: str) -> str:
    there = {COOKIE: ("", *wording.offered()), THEME: tuple(THEMES)}.get(name)
    if there is not None and value not in there:
        raise InvalidError(f"#/{name}", f"{value!r} is none of {', '.join(filter(None, there))}")
    if len(value) > LONGEST_NAME or not value.isprintable():
        raise InvalidError(f"#/{name}", f"at most {LONGEST_NAME} printable characters, please")
    return value


def way_back(path: str) -> str:
    """The path to go back to, if it is one of ours."""
    is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_ours and path.isprintable() else "/"
