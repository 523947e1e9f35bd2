"""A short placement for a newcomer: which of these can you do."""

import time
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.records import Statement, Voice
from models.learner import answers
from models.learner.placement import QUESTIONS
from models.learner.situation import Asked
from service.api.learner_names import NameOnPage
from service.api.wire import Id
from service.http.problems import InvalidError
from service.parts import Here
from service.web.forms import texts
from service.web.learners.start import CARRIED, Start
from service.web.rendering import page, query

router = APIRouter(include_in_schema=False)
ANSWERS = {"1": 1.0, "0.5": 0.5, "0": 0.0}


@router.get("/learners/{learner:path}/placement")
async def ask_question(
    request: Request, parts: Here, learner: Id, name: NameOnPage, start: Start
) -> Response:
    """The next question, or that enough is known."""
    asked = Asked(
        now=time.time(), framework=start["framework"] or None, level=start["level"] or None
    )

    def render() -> Response:
        teaching, row, before = parts.learning.question(name, asked)
        outcome = None if row is None else answers.outcome(teaching.curriculum, row)
        return page(
            request,
            "learners/placement.html",
            learner=learner,
            outcome=outcome,
            description="" if row is None else teaching.curriculum.outcomes[row].description,
            number=before + 1,
            most=QUESTIONS,
            start=start,
        )

    return await run_sync(render)


@router.post("/learners/{learner:path}/placement")
async def answer_question(request: Request, parts: Here, learner: Id, name: NameOnPage) -> Response:
    """Keep the answer and go on to the next question."""
    sent = await texts(request)
    if sent.get("can") not in ANSWERS:
        raise InvalidError("#/can", f"one of {', '.join(ANSWERS)}, please")
    said = Statement(
        learner=name,
        outcome=sent.get("outcome", ""),
        can=ANSWERS[sent["can"]],
        voice=Voice.PLACEMENT,
        time=time.time(),
    )
    await run_sync(parts.learning.state, said)
    where = query(**{key: sent.get(key) for key in CARRIED})
    return RedirectResponse(f"/learners/{quote(learner)}/placement{where}", 303)
