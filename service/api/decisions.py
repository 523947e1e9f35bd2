"""Curators' decisions: keep, list and undo."""

import time
from typing import Annotated

from fastapi import APIRouter, Path, Query

from data import records
from data.records import Verdict
from service.api.paging import Cursor, Limit
from service.api.responses import errors
from service.api.suggestion_wire import Decision, DecisionRequest
from service.api.wire import Id, Listed
from service.deciding.decisions import decide, shown_under, undo
from service.parts import Here

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])


class DecisionList(Listed[Decision]):
    """A page of the ledger."""


@router.post("", status_code=201, responses=errors(400, 403, 404, 413, 422))
def keep_decision(body: DecisionRequest, parts: Here) -> Decision:
    """Keep a decision, with the list that the curator saw; it is on the disk when acknowledged."""
    decision = records.Decision(
        resource=body.resource_id,
        outcome=body.outcome_id,
        verdict=Verdict(body.decision),
        reason=body.reason,
        note=body.note,
        curator=parts.signed(body.curator),
        time=time.time(),
        showing=shown_under(parts, body.suggestion_id),
    )
    return Decision.of(decide(parts, decision))


@router.get("", responses=errors(422))
def list_decisions(
    parts: Here,
    resource: Annotated[str | None, Query(description="Only on this resource.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DecisionList:
    """The ledger, newest first, undone decisions too."""
    page = parts.catalogue.ledger.page(cursor, limit, resource)
    return DecisionList(items=[Decision.of(found) for found in page.items], next=page.next)


@router.delete("/{decision_id}", responses=errors(403, 404, 409, 422))
def undo_decision(
    decision_id: Annotated[int, Path(ge=1, le=2**53)],
    parts: Here,
    curator: Annotated[Id, Query(description="Who withdraws it.")] = "curator",
) -> Decision:
    """Withdraw a decision that stands; the answer is the line that the ledger gains by it."""
    return Decision.of(undo(parts, decision_id, parts.signed(curator)))
