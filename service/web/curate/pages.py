"""The queue: where it stands, the next resource, and what is decided on it."""

import time
from collections.abc import Mapping
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask
from starlette.responses import Response

from data.records import Decision, RejectionReason, Verdict
from service.access.territory import check_resources
from service.api.wire import Id
from service.asking.suggesting import suggest
from service.deciding.decisions import decide, shown_under, undo
from service.http.problems import InvalidError, existing
from service.parts import Here, Parts
from service.web.curate import agreeing, bulk, crosswalks, elsewhere, following, importing
from service.web.curate.asking import Wanted, wanted
from service.web.curate.taking import (
    blind_to,
    claim,
    is_left,
    look_ahead,
    question_of,
    stay,
    take_next,
)
from service.web.curate.views import made_today, work
from service.web.forms import texts
from service.web.preferences import name_of
from service.web.rendering import page, query, wants_part

router = APIRouter(include_in_schema=False)
for part in (elsewhere, bulk, agreeing, crosswalks, following, importing):
    router.include_router(part.router)


@router.get("/curate")
async def show_queue(request: Request, parts: Here) -> Response:
    """How much waits, of what, and who is at work."""
    asked = wanted(request.query_params, parts.platform)
    curator = name_of(request)

    def render() -> Response:
        queue, now = parts.catalogue.queue, time.time()
        return page(
            request,
            "curate/queue.html",
            asked=asked,
            curator=curator,
            platform=parts.platform and parts.catalogue.platforms.get(parts.platform),
            waiting=queue.waiting(asked.only),
            choices=queue.choices(parts.platform),
            prepared=_prepared(parts),
            frameworks=parts.catalogue.frameworks.by_id(),
            today=made_today(parts.catalogue, curator),
            others=_others(parts, curator, now),
        )

    return await run_sync(render)


@router.get("/curate/next")
async def go_to_next(request: Request, parts: Here, after: str | None = None) -> Response:
    """Lead to the next resource, which is the curator's from then on."""
    asked = wanted(request.query_params, parts.platform)
    found = await run_sync(take_next, parts, asked, name_of(request), after)
    return RedirectResponse(asked.resource(found) if found else _done(asked), 303)


@router.get("/curate/resources/{resource:path}")
async def show_work(
    request: Request,
    parts: Here,
    resource: Id,
    decided: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """A resource beside its suggestions."""
    await run_sync(check_resources, parts, [resource])
    holder = await run_sync(claim, parts, resource, name_of(request))
    last = await run_sync(parts.catalogue.ledger.get, decided) if decided else None
    return await _work(
        request, parts, wanted(request.query_params, parts.platform), resource, last, holder
    )


@router.post("/curate/claims")
async def stay_here(request: Request, parts: Here) -> Response:
    """Keep the claim on a resource that is still being looked at."""
    sent = await texts(request)
    resource = sent.get("resource", "")
    await run_sync(check_resources, parts, [resource])
    await run_sync(stay, parts, resource, name_of(request))
    return Response(status_code=204)


@router.post("/curate/decisions")
async def decide_in_queue(request: Request, parts: Here) -> Response:
    """Keep a decision; what comes next is the rest of the resource, or the next resource."""
    sent = await texts(request)
    asked, curator = wanted(sent, parts.platform), name_of(request)
    kept = await run_sync(_decide, parts, sent, curator)
    return await _go_on(request, parts, asked, kept)


@router.post("/curate/undo")
async def undo_in_queue(request: Request, parts: Here) -> Response:
    """Withdraw a decision, the curator's last if none is named, and go back to its resource."""
    sent = await texts(request)
    asked, curator = wanted(sent, parts.platform), name_of(request)
    undone = await run_sync(_undo, parts, sent.get("undo", ""), curator)
    await run_sync(claim, parts, undone, curator)
    return await _lead(request, parts, asked, undone, None)


async def _go_on(request: Request, parts: Parts, asked: Wanted, kept: Decision) -> Response:
    def next_one() -> str | None:
        if is_left(parts, asked, kept.resource, name_of(request)):
            return kept.resource
        return take_next(parts, asked, name_of(request), kept.resource)

    found = await run_sync(next_one)
    if found is None and wants_part(request):
        # A script would put the page that a redirect leads to in the place of a part.
        return Response(headers={"HX-Redirect": _done(asked)})
    if found is None:
        return RedirectResponse(_done(asked), 303)
    return await _lead(request, parts, asked, found, kept)


async def _lead(
    request: Request, parts: Parts, asked: Wanted, resource: str, decided: Decision | None
) -> Response:
    """The page of a resource, or the way to it where no script waits for the page itself."""
    address = asked.resource(resource, decided=decided and decided.id)
    if not wants_part(request):
        return RedirectResponse(address, 303)
    response = await _work(request, parts, asked, resource, decided)
    response.headers["HX-Push-Url"] = address
    return response


async def _work(
    request: Request,
    parts: Parts,
    asked: Wanted,
    resource: str,
    decided: Decision | None,
    holder: str | None = None,
) -> Response:
    curator = name_of(request)
    found = await run_sync(parts.catalogue.resources.get, resource)
    there = existing(found, "resource", resource)
    question = await run_sync(question_of, parts, asked, there, curator)
    answered = await suggest(parts, question)

    def render() -> Response:
        unseen = blind_to(parts, asked, resource, curator)
        about = decided and answered.aligner.found(decided.outcome)
        return page(
            request,
            "curate/part.html" if wants_part(request) else "curate/work.html",
            work=work(parts.catalogue, there, answered.aligner, answered.answer, unseen),
            showing=answered.kept.id,
            asked=asked,
            holder=holder,
            all="all" in request.query_params,
            decided=decided,
            decided_on=about.outcome.title if about else decided and decided.outcome,
            today=made_today(parts.catalogue, curator),
            waiting=parts.catalogue.queue.waiting(asked.only),
        )

    response = await run_sync(render)
    # While this one is read, what the next one is answered is worked out.
    response.background = BackgroundTask(look_ahead, parts, asked, resource, curator)
    return response


def _done(asked: Wanted) -> str:
    """Where one goes when nothing is left."""
    return "/curate/agreement" if asked.second else f"/curate{query(**asked.fields)}"


def _decide(parts: Parts, sent: Mapping[str, str], curator: str) -> Decision:
    verdict = next((one for one in Verdict if one.value in sent), None)
    number, _, outcome = sent.get(verdict.value if verdict else "", "").partition(" ")
    if verdict in (None, Verdict.UNDO) or not outcome:
        raise InvalidError("#/accept", "which outcome is decided on, and how?")
    decision = Decision(
        resource=sent.get("resource", ""),
        outcome=outcome,
        verdict=verdict,
        reason=_reason(number) if verdict is Verdict.REJECT else None,
        note=sent.get("note", "").strip(),
        curator=curator,
        time=time.time(),
        showing=shown_under(parts, sent.get("suggestion") or None),
    )
    return decide(parts, decision)


def _reason(number: str) -> RejectionReason | None:
    """The reason of that key, 0 for none. Raises InvalidError."""
    reasons: tuple[RejectionReason | None, ...] = (None, *RejectionReason)
    if not number.isdecimal() or int(number) >= len(reasons):
        raise InvalidError("#/reject", f"a reason is a number from 0 to {len(reasons) - 1}")
    return reasons[int(number)]


def _undo(parts: Parts, number: str, curator: str) -> str:
    if not number:
        last = parts.catalogue.ledger.last_of(curator)
        if last is None or last.id is None:
            raise InvalidError("#/undo", "there is no decision of yours to undo")
        return undo(parts, last.id, curator).resource
    if not number.isdecimal():
        raise InvalidError("#/undo", "which decision is to be undone?")
    return undo(parts, int(number), curator).resource


def _others(parts: Parts, curator: str, now: float) -> dict[str, str]:
    holding = parts.catalogue.claims.active(now)
    return {resource: name for resource, name in holding.items() if name != curator}


def _prepared(parts: Parts) -> tuple[int, int] | None:
    """How many resources have proposals, and of how many; None without an index."""
    if not parts.live.is_ready:
        return None
    return parts.catalogue.queue.prepared(parts.live.serving().snapshot.manifest.id)
