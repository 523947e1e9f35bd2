"""To what resources are aligned, as others harvest it with them."""

from collections.abc import Collection
from dataclasses import dataclass

from data.catalogue import Catalogue
from data.records import Framework, Outcome, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """How a resource relates to an outcome, and whose that is."""

    relation: Relation
    outcome: Outcome
    framework: Framework


def aligned_of(catalogue: Catalogue, resource_ids: Collection[str]) -> dict[str, list[Aligned]]:
    """Each of the resources → what it is aligned to."""
    found = catalogue.alignments.of_resources(resource_ids)
    outcomes = catalogue.outcomes.many(one.outcome for one in found)
    frameworks = catalogue.frameworks.by_id()
    aligned: dict[str, list[Aligned]] = {id_: [] for id_ in resource_ids}
    for one in found:
        outcome = outcomes[one.outcome]
        framework = frameworks.get(outcome.framework)
        if framework is not None:
            aligned[one.resource].append(
                Aligned(relation=one.relation, outcome=outcome, framework=framework)
            )
    return aligned
