"""Crosswalks: what corresponds in two frameworks, what may, and curators' words on it."""

import time
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from data import records
from data.case_exporter import CaseChoice, case_package
from data.catalogue import Catalogue, Page
from data.exporter import export_crosswalk
from data.formats.case.versions import Version
from data.records import Verdict
from service.api.crosswalk_wire import (
    CorrespondenceDecision,
    CorrespondenceDecisionList,
    CorrespondenceDecisionRequest,
    Crosswalk,
    CrosswalkLine,
    CrosswalkLines,
    CrosswalkList,
    State,
)
from service.api.exports import CsvFile, table
from service.api.paging import Cursor, Limit
from service.api.responses import errors
from service.api.wire import Id
from service.deciding.crosswalking import Both, TwoFrameworks, decide, undo
from service.http.problems import InvalidError
from service.parts import Here

router = APIRouter(prefix="/v1/crosswalks", tags=["crosswalks"])


@router.get("")
def list_crosswalks(parts: Here) -> CrosswalkList:
    """The pairs of frameworks that have lines, and how many."""
    waiting = parts.catalogue.crosswalks.waiting()
    standing = parts.catalogue.correspondences.counts()
    return CrosswalkList(
        items=[
            Crosswalk(
                framework=framework,
                other=other,
                waiting=waiting.get((framework, other), 0),
                standing=standing.get((framework, other), 0),
            )
            for framework, other in sorted(waiting.keys() | standing.keys())
        ],
        next=None,
    )


@router.post("/decisions", status_code=201, responses=errors(400, 404, 413, 422))
def keep_correspondence_decision(
    body: CorrespondenceDecisionRequest, parts: Here
) -> CorrespondenceDecision:
    """Keep a decision on two outcomes; it is on the disk when acknowledged."""
    decision = records.CorrespondenceDecision(
        outcome=body.outcome_id,
        other=body.other_id,
        match=body.match or _proposed(parts.catalogue, body),
        verdict=Verdict(body.decision),
        note=body.note,
        curator=parts.signed(body.curator),
        time=time.time(),
    )
    return CorrespondenceDecision.of(decide(parts, decision))


@router.get("/decisions", responses=errors(422))
def list_correspondence_decisions(
    parts: Here, cursor: Cursor = None, limit: Limit = 50
) -> CorrespondenceDecisionList:
    """The ledger of crosswalks, newest first, undone decisions too."""
    page = parts.catalogue.crosswalks.page(after=cursor, limit=limit)
    items = [CorrespondenceDecision.of(found) for found in page.items]
    return CorrespondenceDecisionList(items=items, next=page.next)


@router.delete("/decisions/{decision_id}", responses=errors(404, 409, 422))
def undo_correspondence_decision(
    decision_id: Annotated[int, Path(ge=1, le=2**53)],
    parts: Here,
    curator: Annotated[Id, Query(description="Who withdraws it.")] = "curator",
) -> CorrespondenceDecision:
    """Withdraw a decision that stands; the answer is the line that the ledger gains by it."""
    return CorrespondenceDecision.of(undo(parts, decision_id, parts.signed(curator)))


@router.get(
    "/{framework:path}/{other:path}/crosswalk.csv",
    response_class=CsvFile,
    responses=errors(404),
)
def export_crosswalk_as_csv(two: Both, parts: Here) -> CsvFile:
    """What stands, as the `crosswalk.csv` of a dataset folder."""
    return table(
        "crosswalk.csv",
        lambda catalogue, file: export_crosswalk(catalogue, file, *two.ids),
        parts.catalogue,
    )


@router.get("/{framework:path}/{other:path}/case.json", responses=errors(404))
def export_crosswalk_as_case(two: Both, parts: Here, version: Version = "1.0") -> JSONResponse:
    """The first framework as a CFPackage of CASE, with its associations to the other one alone."""
    choice = CaseChoice(version=version, crosswalk=two.other.id)
    public_url = parts.settings.public_url
    package = case_package(parts.catalogue, two.framework.id, public_url, choice)
    return JSONResponse(package, headers={"Content-Disposition": "attachment; filename=case.json"})


@router.get("/{framework:path}/{other:path}", responses=errors(404, 422))
def list_crosswalk_lines(
    two: Both,
    parts: Here,
    state: State = State.STANDING,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CrosswalkLines:
    """The lines that stand, in the order of the tree, or those that wait, the surest first."""
    catalogue = parts.catalogue
    page = _page(catalogue, two, state, cursor, limit)
    return CrosswalkLines(
        items=_named(catalogue, page.items),
        next=page.next,
        waiting=catalogue.crosswalks.count_waiting(*two.ids),
        standing=catalogue.correspondences.counts().get(two.ids, 0),
    )


def _proposed(catalogue: Catalogue, body: CorrespondenceDecisionRequest) -> records.Match:
    """What was proposed for two outcomes that are not accepted. Raises InvalidError for nothing."""
    if body.decision == Verdict.ACCEPT.value:
        raise InvalidError("#/match", "is missing: as what is it accepted?")
    line = catalogue.crosswalks.proposal(body.outcome_id, body.other_id)
    if line is None:
        raise InvalidError("#/match", "is missing, and nothing is proposed for these two")
    return line.match if line.outcome == body.outcome_id else line.match.back


def _page(
    catalogue: Catalogue, two: TwoFrameworks, state: State, cursor: str | None, limit: int
) -> Page[records.Correspondence] | Page[records.ProposedCorrespondence]:
    if state is State.STANDING:
        return catalogue.correspondences.page(*two.ids, after=cursor, limit=limit)
    return catalogue.crosswalks.open(*two.ids, after=cursor, limit=limit)


def _named(
    catalogue: Catalogue, lines: Sequence[records.Correspondence | records.ProposedCorrespondence]
) -> list[CrosswalkLine]:
    names = catalogue.outcomes.many(id_ for one in lines for id_ in (one.outcome, one.other))
    return [CrosswalkLine.of(one, names) for one in lines]
