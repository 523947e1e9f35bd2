"""Facts of this program that profiles ask for, each with what shows it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from starlette.routing import BaseRoute, Match

from data.settings import Settings
from evaluation.conformance.checks.base import Fact
from service.http.secure_headers import HEADERS

_SERVED: Final = {
    "alignments exported": ("GET", "/v1/alignments.csv"),
    "interface described": ("GET", "/openapi.json"),
    "learner erasure": ("DELETE", "/v1/learners/ID"),
    "learner export": ("GET", "/v1/learners/ID/export"),
    "lists by teachers": ("POST", "/lists"),
    "pages kept offline": ("GET", "/worker.js"),
    "people decide": ("POST", "/curate/decisions"),
    "trail kept": ("GET", "/administration/trail"),
}
"""Fact → the method and path that a route must take for it to hold."""


def facts(
    settings: Settings, routes: Iterable[BaseRoute], languages: Collection[str]
) -> Mapping[str, Fact]:
    """Name → fact, of the settings, the routes that are served and the pages' languages."""
    policy = HEADERS["Content-Security-Policy"]
    served = list(routes)
    return {
        **{name: _of_route(served, *wanted) for name, wanted in _SERVED.items()},
        "keys needed": _of_setting("api_key", settings.api_key is not None),
        "learner ids hashed": _of_setting("learner_key", settings.learner_key is not None),
        "nothing from elsewhere": Fact(
            "default-src 'none'" in policy and "http" not in policy,
            "header Content-Security-Policy: default-src 'none'",
        ),
        "pages in several languages": Fact(len(languages) > 1, f"pages in {', '.join(languages)}"),
    }


def _of_setting(name: str, is_set: bool) -> Fact:
    return Fact(is_set, f"setting {name} is {'set' if is_set else 'not set'}")


def _of_route(routes: Sequence[BaseRoute], method: str, path: str) -> Fact:
    asked = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    if any(route.matches(asked)[0] is Match.FULL for route in routes):
        return Fact(True, f"{method} {path}")
    return Fact(False, f"no route for {method} {path}")
