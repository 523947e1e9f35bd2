"""A crosswalk, an outcome at a time: what may correspond to it, and what is decided on that."""

import time
from collections.abc import Mapping
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.records import CorrespondenceDecision, Match, Verdict
from service.deciding.crosswalking import Both, TwoFrameworks, decide, two_frameworks, undo
from service.http.problems import InvalidError
from service.parts import Here, Parts
from service.web.curate.crosswalk_views import address, work
from service.web.forms import texts
from service.web.labels import MATCH_MEANINGS
from service.web.preferences import name_of
from service.web.rendering import page, wants_part

router = APIRouter(include_in_schema=False)
_VERDICTS = (Verdict.ACCEPT, Verdict.REJECT, Verdict.DEFER)


@router.post("/curate/crosswalk/decisions")
async def decide_on_line(request: Request, parts: Here) -> Response:
    """Keep a decision, or withdraw one; what comes next is the rest, or the next outcome."""
    sent = await texts(request)
    curator = name_of(request)

    def keep() -> tuple[TwoFrameworks, str | None, CorrespondenceDecision | None]:
        two = two_frameworks(parts.catalogue, f"{sent.get('framework')}/{sent.get('other')}")
        if "undo" in sent:
            return two, _undo(parts, two, sent["undo"], curator), None
        kept = decide(parts, _decision(sent, curator))
        return two, _next(parts, two, kept.outcome), kept

    two, outcome, kept = await run_sync(keep)
    where = address(two, outcome=outcome, decided=kept and kept.id)
    if outcome is None:
        return _lead_away(request, address(two, "standing"))
    if not wants_part(request):
        return RedirectResponse(where, 303)
    response = await run_sync(_work, request, parts, two, outcome, kept)
    response.headers["HX-Push-Url"] = where
    return response


@router.get("/curate/crosswalk/{framework:path}/{other:path}")
async def show_work(
    request: Request,
    parts: Here,
    two: Both,
    outcome: str | None = None,
    after: str | None = None,
    decided: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """An outcome beside what may correspond to it; the way to the next where none is named."""
    if outcome is None:
        found = await run_sync(parts.catalogue.crosswalks.next, *two.ids, after)
        where = address(two, outcome=found) if found else address(two, "standing")
        return RedirectResponse(where, 303)
    last = await run_sync(parts.catalogue.crosswalks.get, decided) if decided else None
    return await run_sync(_work, request, parts, two, outcome, last)


def _work(
    request: Request,
    parts: Parts,
    two: TwoFrameworks,
    outcome: str,
    decided: CorrespondenceDecision | None,
) -> Response:
    catalogue = parts.catalogue
    about = decided and catalogue.outcomes.get(decided.other)
    template = "crosswalk_part.html" if wants_part(request) else "crosswalk_work.html"
    return page(
        request,
        f"curate/{template}",
        work=work(catalogue, two, outcome),
        here=address(two),
        onwards=address(two, after=outcome),
        decided=decided,
        decided_on=about,
        meanings=MATCH_MEANINGS,
        waiting=catalogue.crosswalks.count_waiting(*two.ids),
    )


def _lead_away(request: Request, where: str) -> Response:
    # A script would put the page that a redirect leads to in the place of a part.
    if wants_part(request):
        return Response(headers={"HX-Redirect": where})
    return RedirectResponse(where, 303)


def _next(parts: Parts, two: TwoFrameworks, outcome: str) -> str | None:
    """The same outcome as long as anything of it waits, then the one that follows it."""
    if parts.catalogue.crosswalks.proposed(outcome, two.other.id):
        return outcome
    return parts.catalogue.crosswalks.next(*two.ids, after=outcome)


def _decision(sent: Mapping[str, str], curator: str) -> CorrespondenceDecision:
    verdict = next((one for one in _VERDICTS if one.value in sent), None)
    match, _, other = sent.get(verdict.value if verdict else "", "").partition(" ")
    if verdict is None or not other or match not in {one.value for one in Match}:
        raise InvalidError("#/accept", "which outcome is decided on, and how?")
    return CorrespondenceDecision(
        outcome=sent.get("outcome", ""),
        other=other,
        match=Match(match),
        verdict=verdict,
        note=sent.get("note", "").strip(),
        curator=curator,
        time=time.time(),
    )


def _undo(parts: Parts, two: TwoFrameworks, number: str, curator: str) -> str:
    """Withdraw a decision; the outcome of the first framework that it was about."""
    if not number.isdecimal():
        raise InvalidError("#/undo", "which decision is to be undone?")
    undone = undo(parts, int(number), curator)
    ends = parts.catalogue.outcomes.many([undone.outcome, undone.other])
    here = (one.id for one in ends.values() if one.framework == two.framework.id)
    return next(here, undone.outcome)
