"""Templates → pages, in the reader's language."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, urlencode, urlsplit

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from markupsafe import Markup
from starlette.responses import Response

import evaluation.reporting
from service.access.roles import least_role
from service.http.problems import Problem, headers_of, problem_of, problem_response
from service.web import labels, wording
from service.web.curate.marking import marked
from service.web.languages import language_name

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
DRAWINGS: Final = Path(evaluation.reporting.__file__).parent / "templates"
LEARNERS: Final = "/learners"
THEME: Final = "theme"
_MACHINES = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/static/")


def wants_page(request: Request) -> bool:
    """Whether a person in a browser waits for the answer."""
    is_page = not request.scope["path"].startswith(_MACHINES)
    return is_page and "text/html" in request.headers.get("accept", "")


def wants_part(request: Request) -> bool:
    """Whether a script on a page of ours waits for a part of it."""
    return request.headers.get("hx-request") == "true"


def page(request: Request, template: str, **values: Any) -> Response:
    """A page made from a template, in the language that the reader chose.

    One that answers a POST at an address which cannot be asked for again, and that has forms of its
    own, says in `return_to` where whoever chooses another language comes back to.
    """
    spoken = wording.chosen(request)
    common = {
        "return_to": _return_to(request),
        "wordings": wording.offered(),
        "theme": request.cookies.get(THEME, ""),
        "themes": labels.THEMES,
    }
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie, HX-Request"}
    with wording.speaking(spoken):
        return templates().TemplateResponse(request, template, common | values, headers=headers)


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem for people."""
    if wants_part(request):
        # It is said beside what is there, so that nothing that was typed is lost.
        response = page(request, "trouble.html", problem=problem)
        response.headers.update({"HX-Retarget": "#trouble", "HX-Reswap": "innerHTML"})
    else:
        response = page(request, "problem.html", problem=problem)
    response.status_code = problem.status
    return response


def problem_answer(request: Request, error: Exception) -> Response:
    """What is told of `error`: a page to people, problem details to programs."""
    problem = problem_of(error, request.scope["path"])
    if wants_page(request):
        response = problem_page(request, problem)
        told = headers_of(error)
        told.pop("WWW-Authenticate", None)  # a browser would ask for a password before the page
        response.headers.update(told)
        return response
    return problem_response(problem, headers_of(error))


def query(**parts: object) -> str:
    """A query string of what is not empty, with its question mark."""
    given = {name: value for name, value in parts.items() if value not in (None, "", ())}
    return f"?{urlencode(given, doseq=True)}" if given else ""


@cache
def templates() -> Jinja2Templates:
    """The templates, with what they need to speak the reader's language."""
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(HERE / "templates"),
                PrefixLoader({"evaluation": FileSystemLoader(DRAWINGS)}),
            ]
        ),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(_in_own_words, _counted, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= _filters()
    environment.globals |= {
        "asset": _asset,
        "query": query,
        "opens": _opens,
        "rooms": _rooms,
        "wording": wording.current,
        "orders": labels.ORDERS,
        "helps": labels.HELPS,
    }
    return Jinja2Templates(env=environment)


def _return_to(request: Request) -> str:
    """The page itself, or for the answer to a form the page that had the form."""
    if request.method in ("GET", "HEAD"):
        return _path(request.url.components)
    try:
        before = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    return _path(before) if before.netloc == request.url.netloc else "/"


def _path(url: SplitResult) -> str:
    return f"{url.path}?{url.query}" if url.query else url.path


def _rooms(request: Request) -> list[tuple[str, tuple[str, ...]]]:
    """The rooms that the reader's key opens, or all where none is needed, with their paths."""
    return [(name, places) for name, places in labels.ROOMS.items() if _opens(request, places[0])]


def _opens(request: Request, path: str) -> bool:
    """Whether the reader may see the page at that path."""
    holder = request.scope.get("state", {}).get("holder")
    if holder is None:
        return True
    is_theirs = path != LEARNERS or holder.sees_everyone or holder.learner is not None
    return is_theirs and holder.role.covers(least_role("GET", path))


def _in_own_words(text: str) -> str:
    return str(wording.current().messages.gettext(text))


def _counted(one: str, many: str, count: int) -> str:
    return str(wording.current().messages.ngettext(one, many, count))


def _filters() -> Mapping[str, Any]:
    """What templates write with; numbers and times in the form of the page's language."""
    return {
        "language_name": language_name,
        "marked": marked,
        "number": lambda value, digits=None: wording.current().number(value, digits),
        "percent": lambda share: wording.current().percent(share),
        "moment": lambda seconds: wording.current().moment(seconds),
        "day": lambda seconds: wording.current().day(seconds),
        "written_day": lambda text: wording.current().written_day(text),
        "duration": lambda seconds: wording.current().duration(seconds),
        "ago": _ago,
        "command": _command,
        "in_own_words": _in_own_words,
    } | {name: partial(_labelled, table) for name, table in labels.TABLES.items()}


def _labelled(table: Mapping[Any, str], value: Any) -> str:
    """What people read in place of a value; what has no label is told as it is."""
    return _in_own_words(str(table.get(value, value)))


def _command(arguments: Sequence[str]) -> str:
    """A command of the program as it is typed; files by their names, wherever they lie."""
    return " ".join(["gateways", *(Path(one).name if one[:1] == "/" else one for one in arguments)])


def _ago(seconds: float) -> Markup:
    """How long ago, with the moment itself for whoever points at it and for programs."""
    spoken = wording.current()
    exact = spoken.moment(seconds)
    return Markup('<time title="{}">{}</time>').format(exact, spoken.ago(seconds))


@cache
def _asset(name: str) -> str:
    """The address of a static file, which changes with its content, so that it may be kept."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?{digest}"
