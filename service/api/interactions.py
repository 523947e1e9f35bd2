"""What learners did, one or many at a time."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from data.catalogue.arrivals import Fate
from service.access.own_learners import check_learners
from service.api.learner_wire import Interactions, InteractionsTaken
from service.api.responses import Responses, errors
from service.parts import Here

router = APIRouter(prefix="/v1/interactions", tags=["learners"])


ALL_REFUSED: Responses = {
    422: {"model": InteractionsTaken, "description": "Not one of them is taken in"}
}


@router.post("", response_model=InteractionsTaken, responses=errors(400, 413) | ALL_REFUSED)
def keep_interactions(body: Interactions, parts: Here) -> JSONResponse:
    """Keep what learners did; what is acknowledged is on the disk.

    The same again changes nothing, and the order of arrival does not matter. Each has its `fate`:
    kept, known or refused, and then the `reason`. Where one alone is refused the status is 422.
    """
    learning = parts.learning
    arrivals = [(one.id, one.record(learning.name(one.learner))) for one in body.items]
    check_learners(parts, (record.learner for _, record in arrivals))
    taken = learning.take(arrivals)
    items: list[dict[str, Any]] = [
        {"id": one.id, "fate": found.fate.value, "reason": found.reason or None}
        for one, found in zip(body.items, taken, strict=True)
    ]
    refused = sum(found.fate is Fate.REFUSED for found in taken)
    counts = {fate.value: sum(found.fate is fate for found in taken) for fate in Fate}
    status = 422 if refused == len(taken) else 200
    return JSONResponse({"items": items, "counts": counts, "next": None}, status)
