"""What the pages of a crosswalk show."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from data.catalogue import Catalogue
from data.records import CorrespondenceDecision, Match, Outcome, ProposedCorrespondence
from models.snapshots.indexing import inherited_levels
from service.deciding.crosswalking import TwoFrameworks
from service.http.problems import existing
from service.web.ask.tree import likelihood_of, percent_of
from service.web.find.shown import Placed, placed
from service.web.rendering import query


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An outcome of the other framework that may correspond, or of which a curator said so."""

    place: Placed
    match: Match
    confidence: float = 0.0
    decision: CorrespondenceDecision | None = None

    @property
    def percent(self) -> int:
        """The confidence, from 1 to 99."""
        return percent_of(self.confidence)

    @property
    def likelihood(self) -> str:
        """The confidence in a word."""
        return likelihood_of(self.percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An outcome, and what may correspond to it in the other framework, the surest first.

    What was decided on already comes after what waits.
    """

    two: TwoFrameworks
    place: Placed
    levels: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two frameworks, and how many lines wait and stand."""

    two: TwoFrameworks
    waiting: int
    standing: int


def address(two: TwoFrameworks, *below: str, **more: object) -> str:
    """Where the lines of two frameworks are decided on, or a page below that."""
    ids = (quote(id_, safe="") for id_ in two.ids)
    return "/".join(["/curate/crosswalk", *ids, *below]) + query(**more)


def pairs(catalogue: Catalogue) -> list[Pair]:
    """Every two frameworks that have lines, first where most wait."""
    waiting, standing = catalogue.crosswalks.waiting(), catalogue.correspondences.counts()
    there = catalogue.frameworks.by_id()
    found = [
        Pair(
            two=TwoFrameworks(there[one], there[other]),
            waiting=waiting.get((one, other), 0),
            standing=standing.get((one, other), 0),
        )
        for one, other in sorted(waiting.keys() | standing.keys())
        if one != other and one in there and other in there
    ]
    return sorted(found, key=lambda pair: (-pair.waiting, -pair.standing))


def work(catalogue: Catalogue, two: TwoFrameworks, outcome_id: str) -> Work:
    """The page of one outcome of the first framework. Raises NotFoundError."""
    found = catalogue.outcomes.get(outcome_id)
    is_here = found is not None and found.framework == two.framework.id
    outcome = existing(found if is_here else None, "outcome", outcome_id)
    above = {node.id: node for node in catalogue.outcomes.ancestors(outcome.id)}
    (place,) = placed(catalogue, [outcome])
    return Work(
        two=two,
        place=place,
        levels=inherited_levels(outcome, above),
        lines=tuple(
            _lines(
                catalogue,
                outcome,
                catalogue.crosswalks.proposed(outcome.id, two.other.id),
                catalogue.crosswalks.decided(outcome.id, two.other.id),
            )
        ),
    )


def _lines(
    catalogue: Catalogue,
    outcome: Outcome,
    proposed: Sequence[ProposedCorrespondence],
    decided: Sequence[CorrespondenceDecision],
) -> list[Line]:
    turned = [one.outcome != outcome.id for one in decided]
    ends = [one.outcome if back else one.other for one, back in zip(decided, turned, strict=True)]
    there = catalogue.outcomes.many([*(one.other for one in proposed), *ends])
    places = {one.outcome.id: one for one in placed(catalogue, there.values())}
    return [
        *(
            Line(place=places[one.other], match=one.match, confidence=one.confidence)
            for one in proposed
        ),
        *(
            Line(
                place=places[end],
                match=one.match.back if back else one.match,
                decision=one,
            )
            for one, end, back in zip(decided, ends, turned, strict=True)
        ),
    ]
