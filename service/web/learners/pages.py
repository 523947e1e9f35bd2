"""Learners' pages: who is active, and for one learner the next steps, with reasons."""

import time
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from data.catalogue.learners import Activity
from data.records import Framework, Statement, Voice
from models.learner.situation import Asked
from service.api.wire import Id
from service.parts import Here, Parts
from service.problems import InvalidError
from service.web.learners.views import Card, LearnerPage, card, learner_page
from service.web.rendering import page

router = APIRouter(include_in_schema=False)
LISTED = 50
CARDS, LOOKED_AT = 3, 20
CARD_STEPS = 3


@router.get("/learners")
async def list_learners(request: Request, parts: Here, cursor: str | None = None) -> Response:
    """Who was active last, and the next steps of a few that differ."""

    def render() -> Response:
        found = parts.catalogue.learners.ids(cursor, LISTED)
        cards = [] if cursor else _varied(parts, found.items)
        return page(
            request,
            "learners/learners.html",
            learners=found.items,
            more=found.next,
            cards=cards,
            frameworks=_frameworks(parts),
        )

    return await run_sync(render)


@router.get("/learners/{learner:path}")
async def show_learner(
    request: Request, parts: Here, learner: Id, goal: str = "", stated: str = ""
) -> Response:
    """The next steps of one learner, and what they probably can do."""

    def render() -> Response:
        name = parts.learning.name_on_page(learner)
        asked = Asked(now=time.time(), goal=goal or None)
        shown: LearnerPage = learner_page(parts.learning, learner, name, asked, stated or None)
        return page(request, "learners/learner.html", shown=shown, frameworks=_frameworks(parts))

    return await run_sync(render)


@router.post("/learners/{learner:path}/statements")
async def state_on_page(request: Request, parts: Here, learner: Id) -> Response:
    """Contest an estimate, or override it as a teacher, and go back."""
    sent = await request.form()
    name = await run_sync(parts.learning.name_on_page, learner)
    said = _statement(sent, name)
    await run_sync(parts.learning.state, said)
    back = request.url_for("show_learner", learner=quote(learner)).path
    # 303: what follows is a GET, so that a reload states nothing.
    return RedirectResponse(f"{back}?{urlencode({'stated': said.outcome})}#stated", 303)


def _statement(sent: FormData, name: str) -> Statement:
    outcome, can = sent.get("outcome"), sent.get("can")
    if not isinstance(outcome, str) or not outcome:
        raise InvalidError("#/outcome", "which outcome is it about?")
    if can not in ("0", "1"):
        raise InvalidError("#/can", "can it be done (1) or not (0)?")
    voice = Voice.TEACHER if sent.get("voice") == Voice.TEACHER.value else Voice.LEARNER
    return Statement(learner=name, outcome=outcome, can=float(can), voice=voice, time=time.time())


def _frameworks(parts: Parts) -> dict[str, Framework]:
    return {found.id: found for found in parts.catalogue.frameworks.all()}


def _varied(parts: Parts, learners: Sequence[Activity]) -> list[Card]:
    """A few of the latest active learners: another curriculum each, then another level."""
    asked = Asked(now=time.time(), k=CARD_STEPS)
    active = [one for one in learners if one.interactions][:LOOKED_AT]
    cards = [made for one in active if (made := card(parts.learning, one, asked)).steps]
    by_framework = {made.framework: made for made in reversed(cards)}
    by_level = {(made.framework, made.level): made for made in reversed(cards)}
    wanted = {id(made): made for made in (*by_framework.values(), *by_level.values())}
    return list(wanted.values())[:CARDS]
