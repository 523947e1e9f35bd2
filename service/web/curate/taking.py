"""Who gets what of the queue next, and what is asked of the aligner for it."""

import time
from typing import Final

from data.records import Resource
from models.suggestion import Answer, Filters
from service.asking.suggesting import question_about
from service.engine.answering import Asked
from service.parts import Parts
from service.web.curate.asking import Wanted
from service.web.curate.led_to import led_to

CONSIDERED: Final = 10
CLAIMED_SECONDS: Final = 600.0


def take_next(parts: Parts, asked: Wanted, curator: str, after: str | None) -> str | None:
    """The next resource, claimed, so that nobody else gets it meanwhile."""
    now = time.time()
    tried = after
    while True:
        found = following(parts, asked, curator, now, tried)
        if found is None or claim(parts, found, curator) is None:
            return found
        tried = found  # someone was quicker


def following(
    parts: Parts, asked: Wanted, curator: str, now: float, after: str | None
) -> str | None:
    """What comes after a resource, or at first, and nobody else has claimed."""
    if asked.second:
        return parts.catalogue.agreement.wanting(curator, now, after, asked.only.platform)
    return parts.catalogue.queue.next(curator, now, order=asked.order, only=asked.only, after=after)


def claim(parts: Parts, resource: str, curator: str) -> str | None:
    """Claim a resource; who has it if that is someone else."""
    holder = parts.catalogue.claims.take(resource, curator, time.time(), CLAIMED_SECONDS)
    return None if holder == curator else holder


def stay(parts: Parts, resource: str, curator: str) -> None:
    """Keep the claim of one who is still at work on a resource."""
    parts.catalogue.claims.renew(resource, curator, time.time(), CLAIMED_SECONDS)


def is_left(parts: Parts, asked: Wanted, resource: str, curator: str) -> bool:
    """Whether anything is left to decide on a resource."""
    if asked.second:
        return bool(blind_to(parts, asked, resource, curator))
    if parts.catalogue.queue.proposed(resource):
        return True
    answer = _prepared(parts, asked, resource, curator)
    if answer is None:
        return False
    stated = {one.outcome for one in parts.catalogue.alignments.of_resource(resource)}
    return bool(led_to(answer, parts.catalogue.ledger.standing(resource), stated))


def question_of(parts: Parts, asked: Wanted, resource: Resource, curator: str) -> Asked:
    """What is asked of the aligner for a resource.

    What was rejected is not left out: it stands on the page with its verdict, to be undone.
    """
    query = question_about(parts, resource, blind_to(parts, asked, resource.id, curator))
    return Asked(query=query, filters=Filters(), k=CONSIDERED, resource=resource.id)


def look_ahead(parts: Parts, asked: Wanted, resource: str, curator: str) -> None:
    """Work out what this resource will be answered again, and what the one after it."""
    then = following(parts, asked, curator, time.time(), resource)
    for name in (resource, then):
        if name is not None:
            _prepared(parts, asked, name, curator)


def _prepared(parts: Parts, asked: Wanted, resource: str, curator: str) -> Answer | None:
    """What a resource will be answered; None for one that is not in an index."""
    found = parts.catalogue.resources.get(resource)
    if found is None or not parts.live.is_ready:
        return None
    return parts.ahead.prepare(parts.live.serving(), question_of(parts, asked, found, curator))


def blind_to(parts: Parts, asked: Wanted, resource: str, curator: str) -> set[str]:
    """The outcomes that a second opinion is wanted on, which knows nothing of the first."""
    return parts.catalogue.agreement.of_others(resource, curator) if asked.second else set()
