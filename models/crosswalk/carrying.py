"""A catalogue → the outcomes that its crosswalks lead a resource to, and the other way round."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.catalogue import Catalogue
from data.records import Alignment, Framework, Outcome, Relation
from models.alignment.transfer import Lines, Way, likely
from models.learner.shelf import sure_alignments
from models.suggestion import Carried, Origin


def carried_to(
    catalogue: Catalogue, resources: Iterable[str], without: Collection[str] = ()
) -> dict[str, tuple[Carried, ...]]:
    """Resource → where crosswalks lead it from the outcomes that it teaches or assesses.

    What people or a sure model say of it counts, except of outcomes in `without`; a resource that
    they lead nowhere is left out.
    """
    stated = catalogue.alignments.of_resources(resources)
    alignments = [one for one in stated if one.outcome not in without]
    aligned = sure_alignments(alignments)
    named = {outcome for outcomes in aligned.values() for outcome, _ in outcomes}
    found = catalogue.correspondences.of_outcomes(sorted(named))
    if not found:
        return {}
    named |= {outcome for line in found for outcome in (line.outcome, line.other)}
    outcomes = catalogue.outcomes.many(sorted(named))
    lines = Lines(found, {name: one.framework for name, one in outcomes.items()})
    known = _Known(outcomes, catalogue.frameworks.by_id(), _relations(alignments))
    carried = {name: known.carried(name, lines.carried(own)) for name, own in aligned.items()}
    return {name: there for name, there in carried.items() if there}


def brought_to(catalogue: Catalogue, outcome: str) -> dict[str, Carried]:
    """Resource → how a crosswalk leads it to an outcome; the surest first.

    Without those that are aligned to its framework anyway, or were rejected for it.
    """
    lines = catalogue.correspondences.of_outcomes([outcome])
    others = {name for line in lines for name in (line.outcome, line.other)} - {outcome}
    aligned = catalogue.alignments.of_outcomes(sorted(others))
    rejected = {resource for resource, _ in catalogue.ledger.rejections(outcome)}
    resources = {one.resource for one in aligned} - rejected
    found = {
        resource: one
        for resource, carried in carried_to(catalogue, sorted(resources)).items()
        for one in carried
        if one.outcome == outcome
    }
    return dict(sorted(found.items(), key=lambda each: (-each[1].confidence, each[0])))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ways are told with: the records of their ends, and how resources are aligned."""

    outcomes: Mapping[str, Outcome]
    frameworks: Mapping[str, Framework]
    relations: Mapping[tuple[str, str], Relation]

    def carried(self, resource: str, found: Mapping[str, Sequence[Way]]) -> tuple[Carried, ...]:
        """Where a resource is led to, told in full."""
        return tuple(
            Carried(
                outcome=outcome,
                confidence=likely(ways),
                by=tuple(self._origin(resource, way) for way in ways),
            )
            for outcome, ways in found.items()
        )

    def _origin(self, resource: str, way: Way) -> Origin:
        outcome = self.outcomes[way.outcome]
        framework = self.frameworks.get(outcome.framework)
        return Origin(
            outcome=outcome.id,
            title=outcome.title,
            language=outcome.language,
            framework=outcome.framework,
            framework_title=framework.title if framework else outcome.framework,
            relation=self.relations[resource, outcome.id],
            match=way.match,
        )


def _relations(alignments: Iterable[Alignment]) -> dict[tuple[str, str], Relation]:
    """How each resource is aligned to what it teaches or assesses."""
    return {
        (one.resource, one.outcome): one.relation
        for one in alignments
        if one.relation is not Relation.REQUIRES
    }
