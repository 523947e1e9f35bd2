"""What the page of one resource in the queue shows."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.catalogue import Catalogue
from data.records import Framework, RejectionReason, Resource
from models.alignment.aligner import Aligner
from models.suggestion import Answer, ReasonKind
from service.web.ask.tree import Leaf
from service.web.curate.led_to import led_to

NEAR = 3
A_DAY = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A resource and what is suggested for it, in the order of the suggestions.

    `near` maps an outcome to accepted resources that are near this one, and `words` are those that
    a suggestion has in common with the resource.
    """

    resource: Resource
    leaves: tuple[Leaf, ...]
    considered: tuple[Leaf, ...]
    near: Mapping[str, Sequence[Resource]]
    words: frozenset[str]
    frameworks: Mapping[str, Framework]
    reasons: tuple[RejectionReason, ...] = tuple(RejectionReason)


def work(
    catalogue: Catalogue,
    resource: Resource,
    aligner: Aligner,
    answer: Answer,
    blind: Collection[str],
) -> Work:
    """The page of a resource; what others said of the outcomes in `blind` is kept back.

    What was decided on stands there as long as it holds, so that it can be undone, also where it is
    suggested no more since something else was accepted.
    """
    verdicts = catalogue.ledger.standing(resource.id)
    seen = {name: one for name, one in verdicts.items() if name not in blind}
    stated = {one.outcome for one in catalogue.alignments.of_resource(resource.id)} - set(verdicts)
    asked = {one.outcome for one in catalogue.queue.proposed(resource.id)}.union(blind)
    if not blind:  # a second opinion is wanted on what the first was on, not on what it led to
        asked |= led_to(answer, verdicts, stated)
    suggested = {one.outcome: one for one in answer.suggestions}
    leaves = [
        Leaf(entry=entry, suggestion=suggested.get(name), decision=seen.get(name))
        for name in dict.fromkeys((*suggested, *asked, *seen))
        if name not in stated and (entry := aligner.found(name)) is not None
    ]
    shown = [leaf for leaf in leaves if leaf.decision or leaf.entry.outcome.id in asked]
    return Work(
        resource=resource,
        leaves=tuple(shown),
        considered=tuple(leaf for leaf in leaves if leaf not in shown),
        near=_near(catalogue, shown),
        words=frozenset(word for leaf in shown for word in leaf.words),
        frameworks=catalogue.frameworks.by_id(),
    )


def made_today(catalogue: Catalogue, curator: str) -> int:
    """How many decisions a curator has made since midnight (UTC)."""
    now = time.time()
    return catalogue.ledger.made_since(curator, now - now % A_DAY)


def _near(catalogue: Catalogue, leaves: Sequence[Leaf]) -> dict[str, list[Resource]]:
    ids = {
        leaf.entry.outcome.id: [
            name
            for reason in leaf.reasons
            if reason.kind is ReasonKind.NEIGHBOURS
            for name in reason.resources[:NEAR]
        ]
        for leaf in leaves
    }
    there = catalogue.resources.many(name for names in ids.values() for name in names)
    return {
        outcome: [there[name] for name in names if name in there] for outcome, names in ids.items()
    }


def named(catalogue: Catalogue, pairs: Collection[tuple[str, str]]) -> dict[str, Any]:
    """The resources and outcomes of pairs by their ids, for a list of pairs."""
    return {
        "resources": catalogue.resources.many(resource for resource, _ in pairs),
        "outcomes": catalogue.outcomes.many(outcome for _, outcome in pairs),
    }
