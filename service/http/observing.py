"""Counts, times and logs every request, and answers what nobody foresaw."""

import logging
import time
import traceback
from http import HTTPMethod
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.metrics import Metrics
from service.http.problems import Answer, problem_of, problem_response

log = logging.getLogger(__name__)
UNKNOWN_ROUTE = "none"
METHODS: Final = frozenset(HTTPMethod)
UNKNOWN_METHOD: Final = "other"
GONE = 499  # as nginx has it: the client did not wait for an answer
# What follows is a pseudonym, or a token that has one in it.
_ABOUT_LEARNERS = ("/v1/learners/", "/learners/", "/lti/s/")


class Observed:
    """The outermost layer; no texts, keys or pseudonyms get into metrics or log."""

    def __init__(self, app: ASGIApp, metrics: Metrics, answer: Answer) -> None:
        self._app = app
        self._answer = answer
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            _log_unexpected(error)
            if not status:
                response = self._told(Request(scope), error)
                await response(scope, receive, watched)
        finally:
            self._note(scope, status or GONE, time.perf_counter() - began)

    def _told(self, request: Request, error: Exception) -> Response:
        try:
            return self._answer(request, error)
        except Exception as another:  # the pages may be what is broken
            _log_unexpected(another)
            return problem_response(problem_of(error, request.scope["path"]))

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # A template, not a path: ids would make a time series each, and so would what a stranger
        # makes up for a method.
        route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
        method = scope["method"] if scope["method"] in METHODS else UNKNOWN_METHOD
        self._metrics.requests.labels(method, route, status).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
        # The raw path is percent-encoded, so that it stays on its line, and has no query.
        path = scope.get("raw_path", b"").decode("ascii", "replace")
        if scope["path"].startswith(_ABOUT_LEARNERS):  # however it was encoded
            path = route if route != UNKNOWN_ROUTE else "(about a learner)"
        log.info("%s %s %d %.1f ms", scope["method"], path, status, seconds * 1000)


def _log_unexpected(error: Exception) -> None:
    # Without the message, which may quote a text that was sent.
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected %s\n%s", type(error).__name__, trace)
