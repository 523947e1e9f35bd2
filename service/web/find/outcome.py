"""What the page of one outcome shows, gathered from the catalogue and the index."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from data.catalogue import Catalogue
from data.errors import UnavailableError
from data.records import Framework, Outcome, Relation
from service.asking.searching import Filter, near
from service.engine.live import Serving
from service.web.find.crossing import Crossing, crossings
from service.web.find.curriculum import Stem, stems
from service.web.find.shown import Card, Placed, kind_name, placed

log = logging.getLogger(__name__)

NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The resources accepted for an outcome that pass a filter, by kind.

    `languages` and `kinds` tell how many there are of each, whatever the filter.
    """

    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    languages: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    total: int

    @property
    def kind_names(self) -> dict[str, str]:
        """Kind → what it is called, to be said in the reader's words."""
        return {kind: kind_name(kind) for kind, _ in self.kinds}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePage:
    """An outcome, where it stands, what it builds on, and what there is to learn it with.

    `successors` follow it in a newer edition of its framework. `crossing` come by a crosswalk from
    other curricula. `needing` are resources that only require it; `near` are those near it in
    meaning that nobody has accepted for it, None where there is no index that answers.
    """

    framework: Framework | None
    above: tuple[Outcome, ...]
    outcome: Outcome
    successors: tuple[Placed, ...]
    stems: tuple[Stem, ...]
    requires: tuple[Placed, ...]
    leads_to: tuple[Placed, ...]
    shelf: Shelf
    crossing: tuple[Crossing, ...]
    needing: tuple[Card, ...]
    near: tuple[Card, ...] | None


def outcome_page(
    catalogue: Catalogue, serving: Serving | None, outcome: Outcome, only: Filter, reader: str
) -> OutcomePage:
    """The page of an outcome, with resources of `only` this language and kind.

    What comes by a crosswalk begins with the language of the `reader` (BCP 47).
    """
    edges = catalogue.prerequisites.of_outcome(outcome.id)
    there = catalogue.outcomes.many(id_ for edge in edges for id_ in (edge.outcome, edge.requires))
    required = [there[edge.requires] for edge in edges if edge.outcome == outcome.id]
    following = [there[edge.outcome] for edge in edges if edge.requires == outcome.id]
    cards = _accepted(catalogue, outcome.id)
    crossing = crossings(catalogue, outcome.id, only, reader)
    known = {card.resource.id for card in (*cards, *(one.card for one in crossing))}
    return OutcomePage(
        framework=catalogue.frameworks.get(outcome.framework),
        above=tuple(catalogue.outcomes.ancestors(outcome.id)),
        outcome=outcome,
        successors=_successors(catalogue, outcome.id),
        stems=stems(catalogue, outcome.framework, outcome.id),
        requires=placed(catalogue, required),
        leads_to=placed(catalogue, following),
        shelf=_shelf([card for card in cards if card.relation is not Relation.REQUIRES], only),
        crossing=crossing,
        needing=tuple(card for card in cards if card.relation is Relation.REQUIRES),
        near=_near(catalogue, serving, outcome, known, only) if serving else None,
    )


def _successors(catalogue: Catalogue, outcome_id: str) -> tuple[Placed, ...]:
    found = catalogue.outcomes.many(catalogue.editions.successors(outcome_id))
    return placed(catalogue, found.values())


def _accepted(catalogue: Catalogue, outcome_id: str) -> list[Card]:
    aligned = {found.resource: found for found in catalogue.alignments.of_outcome(outcome_id)}
    resources = catalogue.resources.many(aligned)
    return [Card(resource=resources[id_], relation=one.relation) for id_, one in aligned.items()]


def _shelf(cards: Sequence[Card], only: Filter) -> Shelf:
    language, kind = only
    passing = [
        card
        for card in cards
        if language in (None, card.resource.language) and kind in (None, card.resource.kind)
    ]
    by_kind = sorted(passing, key=lambda card: (card.resource.kind or "", card.title))
    return Shelf(
        groups=tuple(
            (kind_name(kind), tuple(group))
            for kind, group in groupby(by_kind, lambda card: card.resource.kind)
        ),
        languages=_counted(card.resource.language for card in cards),
        kinds=_counted(card.resource.kind for card in cards),
        total=len(cards),
    )


def _counted(values: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(value for value in values if value).most_common())


def _near(
    catalogue: Catalogue,
    serving: Serving,
    outcome: Outcome,
    known: Collection[str],
    only: Filter,
) -> tuple[Card, ...] | None:
    """The nearest resources that are neither `known` already nor rejected, None as on the page."""
    snapshot = serving.snapshot
    rows = snapshot.outcomes.rows([outcome.id])
    if (rows < 0).any():
        return None
    (vector,) = snapshot.outcomes.vectors(rows)
    try:
        found = near(catalogue, snapshot.resources, vector, only, len(known) + 4 * NEAR)
    except UnavailableError as error:  # the rest of the page needs no index
        log.warning("%s; %s is shown without what is near it", error, outcome.id)
        return None
    free = (
        one
        for one in found
        if one.id not in known and outcome.id not in catalogue.ledger.rejected(one.id)
    )
    return tuple(Card(resource=one) for one, _ in zip(free, range(NEAR), strict=False))
