"""Whose resources are: the platform beside each, and what one platform has."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from data.catalogue import Catalogue
from models.languages import primary
from service.web.find.searching import Wanted, cards_of, levels_of
from service.web.find.shown import Card

AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Some of a platform's resources, and the cursor that leads to those after them, if any."""

    cards: tuple[Card, ...]
    next: str | None


def with_platforms(catalogue: Catalogue, cards: Iterable[Card]) -> tuple[Card, ...]:
    """The same cards, each with the platform that its resource is of."""
    shown = tuple(cards)
    known = {one.id: one for one in catalogue.platforms.all()}
    if not known:
        return shown
    there = catalogue.platforms.of_resources(card.resource.id for card in shown)
    return tuple(
        replace(card, platform=known.get(there.get(card.resource.id, ""))) for card in shown
    )


def resources_of(catalogue: Catalogue, wanted: Wanted, language: str) -> Listed:
    """The next resources of the platform that is wanted, those in the reader's language first."""
    found = catalogue.resources.page(
        language=wanted.language or None,
        kind=wanted.kind or None,
        platform=wanted.platform,
        first=primary(language),
        after=wanted.after or None,
        limit=AT_ONCE,
    )
    levels = levels_of(catalogue, found.items) if wanted.level else {}
    return Listed(cards=cards_of(catalogue, found.items, levels, wanted.level), next=found.next)
