"""Suggestions for a text or a resource, one or many at a time."""

import asyncio
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from data.errors import GatewaysError
from models.alignment.answers import told
from models.suggestion import Query
from service.access.admitting import admitted_text
from service.api.responses import errors
from service.api.suggestion_wire import (
    BatchAnswer,
    SuggestionBatch,
    SuggestionRequest,
    Suggestions,
)
from service.asking.suggesting import Answered, answered, asked_for
from service.engine.answering import Asked
from service.http.problems import problem_of
from service.parts import Here, Parts

router = APIRouter(prefix="/v1/suggestions", tags=["suggestions"])


@router.post("", response_model=Suggestions, responses=errors(400, 404, 413, 422, 503))
async def suggest_outcomes(body: SuggestionRequest, parts: Here) -> JSONResponse:
    """The outcomes that a text or a resource teaches, best first, or why there are none.

    Outcomes that were rejected for the resource are left out.
    """
    with parts.turns.turn():  # before anything is looked up, so that a refusal costs little
        found = await answered(parts, await _asked(parts, body))
    return JSONResponse(_told(found))


@router.post(":batch", response_model=BatchAnswer, responses=errors(400, 413, 422))
async def suggest_outcomes_for_many(
    body: SuggestionBatch, parts: Here, request: Request
) -> JSONResponse:
    """The same for up to 64 texts or resources; each gets an answer or a problem of its own."""

    async def item(number: int, raw: Any) -> dict[str, Any]:
        try:
            asked = SuggestionRequest.model_validate(raw)
            found = await answered(parts, await _asked(parts, asked))
            return {"answer": _told(found), "problem": None}
        except (GatewaysError, ValidationError) as error:
            problem = problem_of(error, request.scope["path"])
            problem.instance += f"#/items/{number}"
            return {"answer": None, "problem": problem.model_dump(exclude_none=True)}

    with parts.turns.turn(len(body.items)):
        items = await asyncio.gather(*(item(number, raw) for number, raw in enumerate(body.items)))
    return JSONResponse({"items": items, "next": None})


def _told(found: Answered) -> dict[str, Any]:
    return {**told(found.aligner, found.answer, found.kept), "next": None}


async def _asked(parts: Parts, body: SuggestionRequest) -> Asked:
    if body.resource_id is not None:
        return await run_sync(asked_for, parts, body.resource_id, body.filters, body.k)
    text = admitted_text(parts.settings, body.text or "")
    return Asked(query=Query(text=text, language=body.language), filters=body.filters, k=body.k)
