"""Learners: next steps, mastery, paths, placement, what is said of them, export and erasure."""

import time
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from data.records import Statement
from models.languages import primary
from models.learner import answers
from models.learner.placement import QUESTIONS
from models.learner.situation import Asked
from service.api.learner_names import Name
from service.api.learner_wire import StatementRequest
from service.api.responses import errors
from service.api.wire import Id, Language
from service.parts import Here

router = APIRouter(prefix="/v1", tags=["learners"])


def _asked(
    language: Annotated[
        list[Language] | None, Query(description="Of the resources; the first is preferred.")
    ] = None,
    framework: Annotated[Id | None, Query(description="The learner's curriculum.")] = None,
    level: Annotated[Id | None, Query(description="The learner's level in it.")] = None,
) -> Asked:
    languages = tuple(primary(tag) or tag for tag in language or ())
    return Asked(now=time.time(), languages=languages, framework=framework, level=level)


Wanted = Annotated[Asked, Depends(_asked)]
Goal = Annotated[Id | None, Query(description="Outcome or unit that the learner aims for.")]


@router.get("/learners/{learner:path}/recommendations", responses=errors(404, 422, 503))
def recommend(
    name: Name,
    parts: Here,
    asked: Wanted,
    k: Annotated[int, Query(ge=1, le=50, description="How many.")] = 5,
    goal: Goal = None,
    kind: Annotated[Id | None, Query(description="Only resources of this kind.")] = None,
    offline: Annotated[bool, Query(description="Only what can be downloaded.")] = False,
) -> JSONResponse:
    """What to do next, and why; rather few than what does not fit."""
    wanted = replace(asked, k=k, goal=goal, kind=kind, offline=offline)
    teaching, answered = parts.learning.recommend(name, wanted)
    return JSONResponse(answers.told(teaching, answered, asked.languages))


@router.get("/learners/{learner:path}/mastery", responses=errors(404, 422, 503))
def estimate_mastery(name: Name, parts: Here, asked: Wanted) -> JSONResponse:
    """What the learner probably can do of their curriculum, how sure that is, and from what."""
    found = parts.learning.mastery(name, asked)
    return JSONResponse(answers.estimates(*found))


@router.get("/learners/{learner:path}/path", responses=errors(404, 422, 503))
def plan_path(
    name: Name,
    parts: Here,
    asked: Wanted,
    goal: Annotated[Id, Query(description="Outcome or unit that the learner aims for.")],
) -> JSONResponse:
    """What is still to be mastered on the way to a goal, what is required first."""
    teaching, _, mastery, _ = parts.learning.mastery(name, replace(asked, goal=goal))
    return JSONResponse(answers.way(teaching, mastery, goal))


@router.get("/learners/{learner:path}/placement", responses=errors(404, 422, 503))
def ask_for_placement(name: Name, parts: Here, asked: Wanted) -> dict[str, Any]:
    """The next question of a short placement: can you do this? None when enough is known.

    Answer it with a statement whose voice is `placement`.
    """
    teaching, row, before = parts.learning.question(name, asked)
    outcome = None if row is None else answers.outcome(teaching.curriculum, row)
    return {"outcome": outcome, "asked": before, "most": QUESTIONS}


@router.post(
    "/learners/{learner:path}/statements", status_code=201, responses=errors(404, 409, 422)
)
def state_mastery(name: Name, body: StatementRequest, parts: Here) -> dict[str, Any]:
    """Contest an estimate, override it as a teacher, or answer a placement question."""
    said = Statement(
        learner=name,
        outcome=body.outcome,
        can=body.can,
        voice=body.voice,
        time=time.time(),
        note=body.note,
    )
    kept = asdict(parts.learning.state(said))
    del kept["learner"]
    return kept


@router.get("/learners/{learner:path}/export", responses=errors(404))
def export_learner(name: Name, parts: Here) -> JSONResponse:
    """All that is stored about a learner."""
    found = asdict(parts.learning.export(name))
    headers = {"Content-Disposition": 'attachment; filename="learner.json"'}
    return JSONResponse(found, headers=headers)


@router.delete("/learners/{learner:path}", status_code=204, responses=errors(503))
def erase_learner(name: Name, parts: Here) -> Response:
    """Erase all that is stored about a learner; that it was done is kept, without the pseudonym."""
    parts.learning.erase(name)
    return Response(status_code=204)


@router.get("/erasures")
def list_erasures(parts: Here) -> dict[str, Any]:
    """Every erasure, newest first: when, by whom, how many rows, and a hash of the pseudonym."""
    return {"items": [asdict(one) for one in parts.catalogue.learners.erasures()], "next": None}
