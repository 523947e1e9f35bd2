"""Many proposals accepted at once, above a confidence, with what may be wrong among them."""

import hashlib
import json
import math
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from data.catalogue.queued import Proposal
from data.records import Decision, Verdict
from service.access.territory import check_resources
from service.http.problems import InvalidError
from service.parts import Here, Parts
from service.web.curate.asking import Wanted, wanted
from service.web.curate.views import named
from service.web.forms import texts
from service.web.preferences import name_of
from service.web.rendering import page, query

router = APIRouter(include_in_schema=False)
LOOKED_AT = 10
USUAL = 0.95
LEAST = 0.5
STEPS = (0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)
MOST = 5000
"""Proposals accepted at once: a mistake in the threshold should be small enough to look through."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be accepted, and how many of the pairs are expected to be wrong.

    Nineteen times in twenty it is between `low` and `high`, if the confidences hold and err
    independently.
    """

    pairs: Sequence[tuple[str, Proposal]]
    wrong: float
    low: int
    high: int

    @property
    def digest(self) -> str:
        """Tells these pairs from any others, however many."""
        said = [(resource, one.outcome) for resource, one in self.pairs]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def preview(pairs: Sequence[tuple[str, Proposal]]) -> Preview:
    """The expected errors of accepting these: a sum of independent events of known chances."""
    misses = [1 - one.confidence for _, one in pairs]
    wrong = sum(misses)
    spread = 1.96 * math.sqrt(sum(miss * (1 - miss) for miss in misses))
    low, high = math.floor(max(0.0, wrong - spread)), math.ceil(min(len(pairs), wrong + spread))
    return Preview(pairs, wrong, low, high)


@router.get("/curate/bulk")
async def preview_bulk(request: Request, parts: Here, accepted: str = "") -> Response:
    """How many proposals are above a confidence, and the least sure of them to look at."""
    asked = wanted(request.query_params, parts.platform)
    least = _least(request.query_params.get("above", ""))

    def render() -> Response:
        found = _preview(parts, asked, least)
        looked_at = found.pairs[:LOOKED_AT]
        return page(
            request,
            "curate/bulk.html",
            asked=asked,
            least=least,
            steps=STEPS,
            found=found,
            looked_at=looked_at,
            made=parts.catalogue.ledger.batch(accepted) if accepted else 0,
            batch=accepted,
            **named(parts.catalogue, [(resource, one.outcome) for resource, one in looked_at]),
        )

    return await run_sync(render)


@router.post("/curate/bulk")
async def accept_bulk(request: Request, parts: Here) -> Response:
    """Accept what was previewed; if the queue changed meanwhile, show it again instead."""
    sent = await texts(request)
    asked, least = wanted(sent, parts.platform), _least(sent.get("above", ""))
    batch = await run_sync(_accept, parts, asked, least, sent.get("seen", ""), name_of(request))
    more = {"accepted": batch} if batch else {}
    return RedirectResponse(f"/curate/bulk{query(**asked.fields, above=least, **more)}", 303)


@router.post("/curate/bulk/undo")
async def undo_bulk(request: Request, parts: Here) -> Response:
    """Withdraw what stands yet of a batch."""
    sent = await texts(request)
    await run_sync(_undo, parts, sent.get("batch", ""), name_of(request))
    return RedirectResponse(f"/curate/bulk{query(**wanted(sent).fields)}", 303)


def _preview(parts: Parts, asked: Wanted, least: float) -> Preview:
    return preview(parts.catalogue.queue.above(least, asked.only)[-MOST:])


def _accept(parts: Parts, asked: Wanted, least: float, seen: str, curator: str) -> str:
    found = _preview(parts, asked, least)
    if not found.pairs or found.digest != seen:
        return ""  # not what was looked at
    batch, now = secrets.token_hex(8), time.time()
    parts.catalogue.ledger.decide_all(
        [
            Decision(
                resource=resource,
                outcome=one.outcome,
                verdict=Verdict.ACCEPT,
                curator=curator,
                time=now,
                batch=batch,
            )
            for resource, one in found.pairs
        ]
    )
    parts.metrics.decisions.labels(Verdict.ACCEPT.value).inc(len(found.pairs))
    return batch


def _undo(parts: Parts, batch: str, curator: str) -> None:
    ledger = parts.catalogue.ledger
    if parts.platform is not None:
        check_resources(parts, ledger.resources_of_batch(batch))
    ledger.undo_batch(batch, curator, time.time())


def _least(said: str) -> float:
    """The confidence asked for. Raises InvalidError for none, or one so low that it is a guess."""
    try:
        found = float(said or USUAL)
    except ValueError:
        found = math.nan
    if not LEAST <= found <= 1:
        raise InvalidError("?above", f"a confidence between {LEAST} and 1, please")
    return found
