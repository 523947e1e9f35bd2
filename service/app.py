"""create_app(settings): the service, put together."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.settings import Settings
from models.snapshots.snapshot import Snapshot
from service.access.keyring import KeyRing
from service.access.security import Guard
from service.access.sessions import Sessions
from service.api import (
    annif,
    case,
    content_recommendations,
    crosswalks,
    decisions,
    evidence,
    exports,
    frameworks,
    health,
    interactions,
    learners,
    oai,
    outcomes,
    platforms,
    resources,
    status,
    suggestions,
    xapi,
)
from service.case.shelf import CaseShelf
from service.case.status_info import is_case, status_info
from service.engine.answering import Ahead
from service.engine.batching import Batcher
from service.engine.keeping import Keeper
from service.engine.learning import Learning
from service.engine.live import Live
from service.engine.memory import keep_giving_back
from service.engine.presence import Presence
from service.engine.queueing import Queueing
from service.engine.readiness import Readiness
from service.engine.stating import state
from service.engine.turns import Turns
from service.http import openapi
from service.http.attending import Attended
from service.http.bodies import BodyLimit
from service.http.metrics import Metrics
from service.http.observing import Observed
from service.http.problems import headers_of, problem_of
from service.http.secure_headers import SecureHeaders
from service.jobs.timetable import Timetable
from service.lti.tool import Tool
from service.parts import Parts
from service.web import pages, signing_in
from service.web.rendering import problem_answer

if TYPE_CHECKING:
    from service.access.oidc.login import Login

API_VERSION = "1.0"
UTF8_BYTES = 4
ENVELOPE = 64 * 1024  # what a body has besides its text


def create_app(settings: Settings) -> FastAPI:
    """The application; it opens catalogue, encoder and index when it starts."""
    metrics = Metrics()
    app = FastAPI(
        title="Gateways",
        version=API_VERSION,
        docs_url=None,  # both pages would load their scripts from elsewhere
        redoc_url=None,
        lifespan=partial(_lifespan, settings=settings, metrics=metrics),
        generate_unique_id_function=openapi.operation_id,
        middleware=[
            # Outermost, so that what nobody foresaw has them as well.
            Middleware(SecureHeaders, settings=settings),
            Middleware(Observed, metrics=metrics, answer=_told),
            Middleware(Attended, answer=_told),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(Guard, settings=settings, answer=_told_of_refusal),
            Middleware(
                BodyLimit,
                most=UTF8_BYTES * settings.max_text + ENVELOPE,
                larger={"/curate/import": settings.max_upload + ENVELOPE},
                answer=_told,
            ),
        ],
    )
    app.openapi = partial(openapi.describe, app)  # type: ignore[method-assign]
    for kind in (GatewaysError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer_problem)
    # The tables come before the routes whose last part may be any id.
    catalogued = (exports, frameworks, outcomes, resources, platforms, evidence)
    decided = (suggestions, decisions, crosswalks)
    elsewhere = (annif, case, content_recommendations, oai, xapi)  # what programs of others talk to
    for part in (*catalogued, *decided, interactions, learners, health, status, *elsewhere):
        app.include_router(part.router)
    pages.mount(app)
    return app


@asynccontextmanager
async def _lifespan(
    app: FastAPI, settings: Settings, metrics: Metrics
) -> AsyncIterator[Mapping[str, object]]:
    with await run_sync(Catalogue.open, settings.catalogue_url) as catalogue:

        def announce(snapshot: Snapshot) -> None:
            metrics.show_snapshot(snapshot.manifest.id, snapshot.manifest.model)

        live = Live(settings, catalogue, announce)
        await live.start()
        presence = Presence(settings, catalogue, live)
        batcher = Batcher(
            settings.batch_size,
            settings.batch_wait_ms,
            metrics.batches.observe,
            settings.most_wait,
        )
        keys = KeyRing(settings, catalogue)
        sessions = Sessions(settings, catalogue, keys)
        tool = Tool(settings, catalogue)
        app.state.parts = Parts(
            settings,
            catalogue,
            live,
            Learning(settings, catalogue),
            batcher,
            Turns(settings.most_wait),
            metrics,
            keys,
            Ahead(),
            Keeper(catalogue),
            CaseShelf(catalogue, settings.public_url),
            tool,
            Readiness(catalogue, live, presence),
            sessions,
            _login(settings, tool),
        )
        queueing = Queueing(catalogue, live, presence)
        last_seen = (keys.used, sessions.seen)
        timetable = Timetable(settings, catalogue, presence)
        tasks = (live, presence, queueing, timetable, *last_seen)
        following = [asyncio.create_task(task.follow()) for task in tasks]
        following.append(asyncio.create_task(state(settings, catalogue)))
        following.append(asyncio.create_task(keep_giving_back()))
        yield {}
        for task in following:
            task.cancel()
        for task in following:
            with suppress(asyncio.CancelledError):
                await task
        for one in last_seen:
            await one.note()
        await run_sync(presence.leave)
        await run_sync(batcher.close)


def _login(settings: Settings, tool: Tool) -> "Login | None":
    if settings.oidc_issuer is None:
        return None
    from service.access.oidc.login import Login

    return Login(settings, tool.seal)


async def _answer_problem(request: Request, error: Exception) -> Response:
    return _told(request, error)


def _told_of_refusal(request: Request, refusal: Exception) -> Response:
    """What is told of a refusal; who came without a key is led to where they can sign in."""
    if not is_case(request.scope["path"]) and signing_in.lacks_key(request, refusal):
        return signing_in.led_to_sign_in(request)
    return _told(request, refusal)


def _told(request: Request, error: Exception) -> Response:
    if is_case(request.scope["path"]):
        problem = problem_of(error, request.scope["path"])
        return status_info(error, problem, headers_of(error))
    return problem_answer(request, error)
