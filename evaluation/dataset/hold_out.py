"""Parts a labelled dataset by subject: one framework to learn from, another that is never seen.

A subject takes along all that stands below its outcomes. What is unseen has its own train and test
split: its test resources are asked for, and what is accepted in train is known of when they are.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data.formats.protocol import Document
from data.near_duplicates import families
from data.records import Alignment, Outcome, Prerequisite, Resource, Split
from data.splits import By, Plan, Splits, split
from evaluation.dataset import reading

# Of the unseen resources so many are asked for; near-duplicates are asked for together.
PLAN = Plan(by=By.RESOURCE, dev=0, test=0.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Outcomes and resources with what is known of them."""

    outcomes: Sequence[Outcome]
    resources: Sequence[Resource]
    alignments: Sequence[Alignment]
    prerequisites: Sequence[Prerequisite] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Two datasets that share headings alone, and how many of what is in neither."""

    learn: Labelled
    unseen: Labelled
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_labelled(document: Document) -> Labelled:
    """All of a dataset that has to do with alignments."""
    return Labelled(
        outcomes=reading.outcomes(document),
        resources=reading.resources(document),
        alignments=list(reading.records(document, Alignment)),
        prerequisites=list(reading.records(document, Prerequisite)),
    )


def part(whole: Labelled, subjects: Collection[str]) -> Parted:
    """Hold out what is of `subjects`.

    A resource goes where the outcomes are that it is aligned to, one without alignments by its own
    subject. What reaches into both parts is in neither.
    """
    by_id = {outcome.id: outcome for outcome in whole.outcomes}
    lineages = {outcome.id: list(lineage(outcome, by_id)) for outcome in whole.outcomes}
    held = {id_ for id_, above in lineages.items() if any(one.subject in subjects for one in above)}
    headings = {one.id for id_ in held for one in lineages[id_]} - held
    known = {resource.id for resource in whole.resources}
    standing = [one for one in whole.alignments if one.outcome in by_id and one.resource in known]
    sides: defaultdict[str, set[bool]] = defaultdict(set)
    for one in standing:
        sides[one.resource].add(one.outcome in held)
    for resource in whole.resources:
        if resource.id not in sides:
            sides[resource.id].add(resource.subject in subjects)

    def side(is_held: bool, outcomes: Sequence[Outcome]) -> Labelled:
        ours = {id_ for id_, reached in sides.items() if reached == {is_held}}
        return Labelled(
            outcomes=outcomes,
            resources=[resource for resource in whole.resources if resource.id in ours],
            alignments=[one for one in standing if one.resource in ours],
            prerequisites=[
                one
                for one in whole.prerequisites
                if all(id_ in by_id and (id_ in held) == is_held for id_ in _ends(one))
            ],
        )

    learn = side(False, [outcome for outcome in whole.outcomes if outcome.id not in held])
    unseen = side(
        True,
        [
            # What is there for its place above others alone is a candidate in the other part.
            outcome if outcome.id in held else replace(outcome, assignable=False)
            for outcome in whole.outcomes
            if outcome.id in held or outcome.id in headings
        ],
    )
    aligned = len(learn.alignments) + len(unseen.alignments)
    edges = len(learn.prerequisites) + len(unseen.prerequisites)
    counts = {
        "resources that are aligned to both": sum(len(found) > 1 for found in sides.values()),
        "alignments of these": len(standing) - aligned,
        "alignments whose resource or outcome is not there": len(whole.alignments) - len(standing),
        "prerequisites that are not within one part": len(whole.prerequisites) - edges,
    }
    return Parted(
        learn=learn,
        unseen=replace(unseen, alignments=_split(unseen)),
        left_out={what: count for what, count in counts.items() if count},
    )


def fewer(learn: Labelled, most: int) -> Labelled:
    """The same with at most so many aligned resources to learn from; what is for testing stays.

    They are drawn by a hash of the id, so that a larger number has the same and more.
    """
    tested = {one.resource for one in learn.alignments if one.split is Split.TEST}
    learned = {one.resource for one in learn.alignments} - tested
    left = set(sorted(learned, key=_place)[most:])
    return replace(
        learn,
        resources=[resource for resource in learn.resources if resource.id not in left],
        alignments=[one for one in learn.alignments if one.resource not in left],
    )


def lineage(outcome: Outcome, outcomes: Mapping[str, Outcome]) -> Iterator[Outcome]:
    """An outcome of a tree and all above it, the nearest first."""
    node: Outcome | None = outcome
    while node is not None:
        yield node
        node = outcomes[node.parent] if node.parent else None


def _split(unseen: Labelled) -> list[Alignment]:
    """Its alignments with their own splits, drawn by a hash of the resource's id."""
    alike = families({one.id: f"{one.title}\n{one.description}" for one in unseen.resources})
    drawn = split((), alike, {}, Splits(), PLAN)
    return [replace(one, split=drawn.resources[one.resource]) for one in unseen.alignments]


def _place(resource: str) -> str:
    return hashlib.sha256(resource.encode()).hexdigest()


def _ends(prerequisite: Prerequisite) -> tuple[str, str]:
    return prerequisite.outcome, prerequisite.requires
