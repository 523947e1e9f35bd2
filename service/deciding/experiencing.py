"""Statements of xAPI → what learners did: all of a request, or nothing."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from data.catalogue.interactions import RefusedError
from data.catalogue.naming import Known
from data.formats.fields import RowError
from data.formats.xapi.statement import Experience, Said, Voiding, id_of, read_statement
from data.importing.placing import not_here, placed
from data.records import Interaction
from service.access.own_learners import check_everyone, check_learners
from service.http.problems import InvalidError
from service.parts import Parts

MOST: Final = 1000


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
    check_learners(parts, (done.learner for _, done in arrivals.values()))
    withdrawn = [one.voided for one in said if isinstance(one, Voiding)]
    if withdrawn:
        check_everyone(parts)  # it is not said whose it was
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
    named = [(place, one, _named(parts, one)) for place, one in experiences]
    sent = interactions.sent(id_ for _, _, (id_, _) in named)
    return [
        (place, (id_, _placed(place, one, said, known, sent.get(id_))))
        for place, one, (id_, said) in named
    ]


def _named(parts: Parts, one: Experience) -> tuple[str, Interaction]:
    """What was done by a pseudonym, with the id that the statement has or is given."""
    said = replace(one.interaction, learner=parts.learning.name(one.interaction.learner))
    return one.id or id_of(said), said


def _placed(
    place: int, one: Experience, said: Interaction, known: Known, before: Interaction | None
) -> Interaction:
    """With its place; what came before may come again, though nothing it is about is here now."""
    if before and not one.is_timed:
        said = replace(said, time=before.time)
    found = placed(said, one.about, known) or (before and said)
    if found is None:
        raise InvalidError(f"#/{place}/object", not_here(one.about))
    return found
