"""What the page of one resource shows."""

from dataclasses import dataclass

from data.catalogue import Catalogue
from data.records import Framework, Resource
from service.web.find.shown import Card, Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage:
    """A resource and the outcomes that it was accepted for, by framework."""

    card: Card
    outcomes: tuple[tuple[Framework, tuple[Placed, ...]], ...]


def resource_page(catalogue: Catalogue, resource: Resource) -> ResourcePage:
    """The page of a resource."""
    aligned = catalogue.alignments.of_resource(resource.id)
    outcomes = catalogue.outcomes.many(found.outcome for found in aligned)
    by_framework: dict[str, list[Placed]] = {}
    for found in aligned:
        outcome = outcomes[found.outcome]
        above = tuple(node.title for node in catalogue.outcomes.ancestors(outcome.id))
        place = Placed(outcome=outcome, above=above, relation=found.relation)
        by_framework.setdefault(outcome.framework, []).append(place)
    frameworks = catalogue.frameworks.by_id()
    return ResourcePage(
        card=Card(resource=resource),
        outcomes=tuple(
            (frameworks[name], tuple(there))
            for name, there in by_framework.items()
            if name in frameworks
        ),
    )
