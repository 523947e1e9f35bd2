"""A learner's next steps inside their course, what they say of them, and what is stored."""

import time
from dataclasses import asdict
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.responses import Response

from data.errors import NotFoundError
from data.records import LearnerRecord, Statement, Voice
from models.learner import answers
from models.learner.situation import Asked
from service.http.problems import InvalidError
from service.lti.places import VISITS
from service.lti.tokens import Scope
from service.parts import Here, Parts
from service.web import wording
from service.web.forms import texts
from service.web.lti.framing import Framed
from service.web.lti.visiting import Visiting, check_scope, framed_page
from service.web.rendering import query

router = APIRouter(include_in_schema=False, route_class=Framed)


@router.get("/lti/s/{token}/steps")
async def show_steps(
    request: Request,
    parts: Here,
    visit: Visiting,
    token: str,
    framework: Annotated[str, Query(max_length=1000)] = "",
    level: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The next steps of whom the launch is about, with reasons."""
    check_scope(visit, Scope.STEPS)
    asked = Asked(now=time.time(), framework=framework or None, level=level or None)
    spoken = wording.chosen(request).tag

    def render() -> Response:
        teaching, answered = parts.learning.recommend(visit.learner, asked)
        return framed_page(
            request,
            visit,
            token,
            "lti/steps.html",
            told=answers.told(teaching, answered, (spoken,)),
            frameworks=parts.catalogue.frameworks.by_id(),
            stands={"framework": framework, "level": level},
        )

    return await run_sync(render)


@router.post("/lti/s/{token}/steps")
async def state_on_page(request: Request, parts: Here, visit: Visiting, token: str) -> Response:
    """Keep that the learner can do an outcome already, and go back to what is next then."""
    check_scope(visit, Scope.STEPS)
    sent = await texts(request)
    outcome = sent.get("outcome", "")
    if not outcome:
        raise InvalidError("#/outcome", "which outcome is it about?")
    said = Statement(
        learner=visit.learner, outcome=outcome, can=1.0, voice=Voice.LEARNER, time=time.time()
    )
    await run_sync(parts.learning.state, said)
    stands = query(framework=sent.get("framework"), level=sent.get("level"))
    return RedirectResponse(f"{VISITS}{token}/steps{stands}", 303)


@router.get("/lti/s/{token}/stored")
async def show_stored(request: Request, parts: Here, visit: Visiting, token: str) -> Response:
    """How much is stored about the learner, and the ways to take it along or to erase it."""
    check_scope(visit, Scope.STEPS)
    kept = await run_sync(_kept, parts, visit.learner)
    was_erased = "erased" in request.query_params
    return framed_page(request, visit, token, "lti/stored.html", kept=kept, was_erased=was_erased)


@router.get("/lti/s/{token}/stored.json")
async def download_stored(parts: Here, visit: Visiting) -> Response:
    """All of it, for programs."""
    check_scope(visit, Scope.STEPS)
    kept = await run_sync(_kept, parts, visit.learner)
    headers = {
        "Content-Disposition": 'attachment; filename="learner.json"',
        "Cache-Control": "no-store",
    }
    return JSONResponse(asdict(kept), headers=headers)


@router.post("/lti/s/{token}/erasure")
async def erase(request: Request, parts: Here, visit: Visiting, token: str) -> Response:
    """Erase all of it; the form's box says that it is meant."""
    check_scope(visit, Scope.STEPS)
    if not (await texts(request)).get("sure"):
        raise InvalidError("#/sure", "tick the box that says so; nothing was erased")
    await run_sync(parts.learning.erase, visit.learner)
    return RedirectResponse(f"{VISITS}{token}/stored{query(erased=1)}", 303)


def _kept(parts: Parts, name: str) -> LearnerRecord:
    try:
        return parts.learning.export(name)
    except NotFoundError:
        return LearnerRecord(learner=name, interactions=(), statements=(), recommendations=())
