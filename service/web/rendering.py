"""Templates → pages."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from starlette.responses import Response

from data.records import Verdict
from service.problems import Problem
from service.web.languages import language_name
from service.web.learner_views import answers_right

HERE = Path(__file__).parent
STATIC = HERE / "static"
_MACHINES = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/static/")

SAID = {Verdict.ACCEPT: "Accepted", Verdict.REJECT: "Rejected", Verdict.DEFER: "Put off"}

_templates = Jinja2Templates(HERE / "templates")
_templates.env.filters["answers_right"] = answers_right
_templates.env.filters["language_name"] = language_name
_templates.env.filters["said"] = SAID.__getitem__
_templates.env.trim_blocks = _templates.env.lstrip_blocks = True


def wants_page(request: Request) -> bool:
    """Whether a person in a browser waits for the answer."""
    is_page = not request.scope["path"].startswith(_MACHINES)
    return is_page and "text/html" in request.headers.get("accept", "")


def page(request: Request, template: str, **values: Any) -> Response:
    """A page made from a template."""
    return _templates.TemplateResponse(
        request, template, values, headers={"Cache-Control": "no-store"}
    )


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem for people."""
    response = page(request, "problem.html", problem=problem)
    response.status_code = problem.status
    return response
