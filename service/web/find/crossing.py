"""What an outcome's page shows of resources that come from other curricula by a crosswalk."""

from dataclasses import dataclass

from data.catalogue import Catalogue
from models.suggestion import Carried
from service.asking.crossing import brought
from service.asking.searching import Filter
from service.web.ask.tree import likelihood_of, percent_of
from service.web.find.shown import Card

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A resource, and how it comes here."""

    card: Card
    carried: Carried

    @property
    def percent(self) -> int:
        """How sure it is that it fits, from 1 to 99."""
        return percent_of(self.carried.confidence)

    @property
    def likelihood(self) -> str:
        """The same in a word."""
        return likelihood_of(self.percent)


def crossings(
    catalogue: Catalogue, outcome: str, only: Filter, reader: str
) -> tuple[Crossing, ...]:
    """Those that pass a filter: in the language of the reader (BCP 47) first, then the surest."""
    language, kind = only
    passing = [
        Crossing(card=Card(resource=resource, relation=carried.by[0].relation), carried=carried)
        for resource, carried in brought(catalogue, outcome, reader)
        if language in (None, resource.language) and kind in (None, resource.kind)
    ]
    return tuple(passing[:MOST])
