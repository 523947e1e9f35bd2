"""Statements of xAPI → what learners did: all of a request, or nothing."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from data.catalogue.interactions import RefusedError
from data.catalogue.naming import Known
from data.formats.fields import RowError
from data.formats.xapi.statement import Experience, Said, Voiding, read_statement
from data.importing.placing import not_here, placed
from data.records import Interaction
from service.parts import Parts
from service.problems import InvalidError

MOST: Final = 1000
_OURS: Final = UUID("b3c6a5a4-9d6e-4a55-8f4e-3f1d0f0f6d19")


def keep(parts: Parts, raws: Sequence[Any], site: str) -> list[str]:
    """Keep what statements say, and tell their ids; it is on the disk when this returns.

    `site` is the address that the request came to. Raises InvalidError that points at the first
    that is wrong or says nothing here, ConflictError for an id that says something else already,
    NotFoundError for a voided one that is not here. Then none is kept.
    """
    if not 0 < len(raws) <= MOST:
        raise InvalidError("#", f"there are {len(raws):,} statements; send 1 to {MOST:,} at a time")
    sites, now = (parts.settings.public_url, site), time.time()
    said = [_read(raw, place, sites, now) for place, raw in enumerate(raws)]
    _check_ids(said)
    arrivals = dict(_arrivals(parts, said))
    withdrawn = [one.voided for one in said if isinstance(one, Voiding)]
    try:
        parts.learning.take_all(list(arrivals.values()), withdrawn)
    except RefusedError as error:
        raise InvalidError(f"#/{list(arrivals)[error.place]}", str(error)) from None
    return [
        arrivals[place][0] if place in arrivals else one.id or str(uuid4())
        for place, one in enumerate(said)
    ]


def _read(raw: Any, place: int, sites: Sequence[str], now: float) -> Said:
    try:
        return read_statement(raw, sites, now)
    except RowError as error:
        raise InvalidError(f"#/{place}", str(error)) from None


def _check_ids(said: Sequence[Said]) -> None:
    places: dict[str, int] = {}
    for place, one in enumerate(said):
        if one.id is not None and places.setdefault(one.id, place) != place:
            raise InvalidError(f"#/{place}/id", f"it is that of statement {places[one.id]}, too")


def _arrivals(parts: Parts, said: Sequence[Said]) -> list[tuple[int, tuple[str, Interaction]]]:
    """Place in the request → an interaction with its id."""
    experiences = [(place, one) for place, one in enumerate(said) if isinstance(one, Experience)]
    interactions = parts.catalogue.interactions
    known = interactions.known(called for _, one in experiences for called in one.about)
    untimed = [one.id for _, one in experiences if one.id and not one.is_timed]
    times = {id_: one.time for id_, one in interactions.sent(untimed).items()}
    return [(place, _arrival(parts, place, one, known, times)) for place, one in experiences]


def _arrival(
    parts: Parts, place: int, one: Experience, known: Known, times: dict[str, float]
) -> tuple[str, Interaction]:
    found = placed(one.interaction, one.about, known)
    if found is None:
        raise InvalidError(f"#/{place}/object", not_here(one.about))
    kept = replace(
        found,
        learner=parts.learning.name(found.learner),
        time=times.get(one.id or "", found.time),
    )
    # The same without an id is the same statement still.
    return one.id or str(uuid5(_OURS, repr(kept))), kept
