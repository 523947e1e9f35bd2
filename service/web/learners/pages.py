"""Learners' pages: who is active, and for one learner the next steps, with reasons."""

import secrets
import time
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from data.catalogue.learners import Activity
from data.records import Framework, Statement, Voice
from models.learner.situation import Asked
from service.access.own_learners import check_everyone, own_learner
from service.api.learner_names import NameOnPage
from service.api.wire import Id
from service.http.problems import InvalidError
from service.parts import Here, Parts
from service.web import wording
from service.web.learners import placement, privacy
from service.web.learners.start import CARRIED, Start
from service.web.learners.views import Card, LearnerPage, card, learner_page
from service.web.rendering import page, query

router = APIRouter(include_in_schema=False)
# Their paths end in a word, that of a learner's page in any id.
for part in (placement, privacy):
    router.include_router(part.router)
LISTED = 50
CARDS, LOOKED_AT = 3, 20
CARD_STEPS = 3


@router.get("/learners")
async def list_learners(request: Request, parts: Here, cursor: str | None = None) -> Response:
    """Who was active last, and the next steps of a few that differ; a learner's own page."""
    if (own := own_learner(parts)) is not None:
        return RedirectResponse(f"/learners/{quote(own)}", 303)
    check_everyone(parts)
    spoken = wording.chosen(request).tag

    def render() -> Response:
        found = parts.catalogue.learners.ids(cursor, LISTED)
        cards = [] if cursor else _varied(parts, found.items, spoken)
        frameworks = parts.catalogue.frameworks.by_id()
        return page(
            request,
            "learners/learners.html",
            learners=found.items,
            more=found.next,
            cards=cards,
            frameworks=frameworks,
            levels=_levels(parts, frameworks, spoken),
            was_erased="erased" in request.query_params,
        )

    return await run_sync(render)


@router.post("/learners")
async def begin(request: Request, parts: Here) -> Response:
    """Lead a newcomer to a page of their own, under a pseudonym that says nothing of them."""
    check_everyone(parts)
    sent = await request.form()
    framework, _, level = str(sent.get("start", "")).partition("\n")
    name = f"l-{secrets.token_hex(6)}"
    # Browsers send the end of a line as a carriage return and a line feed.
    where = query(framework=framework.strip(), level=level.strip())
    return RedirectResponse(f"/learners/{name}{where}", 303)


@router.get("/learners/{learner:path}")
async def show_learner(
    request: Request,
    parts: Here,
    learner: Id,
    name: NameOnPage,
    start: Start,
    stated: str = "",
) -> Response:
    """The next steps of one learner, and what they probably can do."""
    spoken = wording.chosen(request)
    asked = Asked(
        now=time.time(),
        goal=start["goal"] or None,
        framework=start["framework"] or None,
        level=start["level"] or None,
    )

    def render() -> Response:
        shown: LearnerPage = learner_page(
            parts.learning,
            learner,
            name,
            asked,
            stated=stated or None,
            languages=(spoken.tag,),
            mirrored=spoken.direction == "rtl",
        )
        return page(
            request,
            "learners/learner.html",
            shown=shown,
            frameworks=parts.catalogue.frameworks.by_id(),
            start=start,
        )

    return await run_sync(render)


@router.post("/learners/{learner:path}/statements")
async def state_on_page(request: Request, parts: Here, learner: Id, name: NameOnPage) -> Response:
    """Contest an estimate, or override it as a teacher, and go back."""
    sent = await request.form()
    said = _statement(sent, name)
    await run_sync(parts.learning.state, said)
    start = {key: sent.get(key) for key in CARRIED}
    # 303: what follows is a GET, so that a reload states nothing.
    where = query(**start, stated=said.outcome)
    return RedirectResponse(f"/learners/{quote(learner)}{where}#stated", 303)


def _statement(sent: FormData, name: str) -> Statement:
    outcome, can = sent.get("outcome"), sent.get("can")
    if not isinstance(outcome, str) or not outcome:
        raise InvalidError("#/outcome", "which outcome is it about?")
    if can not in ("0", "1"):
        raise InvalidError("#/can", "can it be done (1) or not (0)?")
    voice = Voice.TEACHER if sent.get("voice") == Voice.TEACHER.value else Voice.LEARNER
    return Statement(learner=name, outcome=outcome, can=float(can), voice=voice, time=time.time())


def _levels(
    parts: Parts, frameworks: Mapping[str, Framework], language: str
) -> dict[str, list[str]]:
    """Framework → its levels, from the lowest; frameworks in the reader's language come first."""
    ranks = parts.learning.teaching().curriculum.level_ranks
    found: dict[str, list[str]] = {}
    for framework, level in sorted(ranks, key=ranks.__getitem__):
        found.setdefault(framework, []).append(level)

    def is_foreign(id_: str) -> bool:
        said = frameworks[id_].language if id_ in frameworks else None
        return (said or "").partition("-")[0] != language

    return {id_: found[id_] for id_ in sorted(found, key=is_foreign)}


def _varied(parts: Parts, learners: Sequence[Activity], language: str) -> list[Card]:
    """A few of the latest active learners: another curriculum each, then another level."""
    asked = Asked(now=time.time(), k=CARD_STEPS)
    active = [one for one in learners if one.interactions][:LOOKED_AT]
    cards = [
        made for one in active if (made := card(parts.learning, one, asked, (language,))).steps
    ]
    by_framework = {made.framework: made for made in reversed(cards)}
    by_level = {(made.framework, made.level): made for made in reversed(cards)}
    wanted = {id(made): made for made in (*by_framework.values(), *by_level.values())}
    return list(wanted.values())[:CARDS]
