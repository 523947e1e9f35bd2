"""How resources and outcomes are shown in lists, whatever their source wrote beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from data.catalogue import Catalogue
from data.downloadable import is_downloadable
from data.records import Outcome, Platform, Relation, Resource
from service.web.labels import KINDS
from service.web.wording import message

LONGEST: Final = 100_000  # minutes; what takes longer is a mistake
NO_KIND: Final = message("Other")
RELATIONS: Final = {
    Relation.TEACHES: message("Teaches"),
    Relation.ASSESSES: message("Assesses"),
    Relation.REQUIRES: message("Needs first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A resource in short; what its source says of duration and download is taken if it fits."""

    resource: Resource
    relation: Relation = Relation.TEACHES
    platform: Platform | None = None

    @property
    def kind(self) -> str:
        """Its kind, to be said in the reader's words."""
        return kind_name(self.resource.kind)

    @property
    def title(self) -> str:
        """What it is called."""
        return self.resource.title or self.resource.id

    @property
    def seconds(self) -> float | None:
        """How long it takes."""
        minutes = self.resource.extra.get("duration_minutes")
        if isinstance(minutes, bool) or not isinstance(minutes, int | float):
            return None
        return 60.0 * minutes if 0 < minutes < LONGEST else None

    @property
    def downloadable(self) -> bool:
        """Whether its source lets it be downloaded."""
        return is_downloadable(self.resource) is True

    @property
    def link(self) -> str | None:
        """Where it is, if that is an address that a browser may safely open."""
        url = self.resource.url or ""
        return url if url.lower().startswith(("https://", "http://")) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An outcome and the titles above it, the root's first."""

    outcome: Outcome
    above: tuple[str, ...]
    relation: Relation = Relation.TEACHES

    @property
    def relates(self) -> str:
        """How a resource relates to it, to be said in the reader's words."""
        return RELATIONS[self.relation]


def kind_name(kind: str | None) -> str:
    """A kind of resources as a message; that of no known kind is said as its source says it."""
    return KINDS.get(kind, kind) if kind else NO_KIND


def placed(catalogue: Catalogue, outcomes: Iterable[Outcome]) -> tuple[Placed, ...]:
    """Outcomes with the titles above them, as the catalogue has them."""
    return tuple(
        Placed(
            outcome=outcome,
            above=tuple(node.title for node in catalogue.outcomes.ancestors(outcome.id)),
        )
        for outcome in outcomes
    )
