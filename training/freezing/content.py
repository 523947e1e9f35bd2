"""What a frozen dataset holds, before it is files, and its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from data.formats.rejections import Rejection
from data.records import Alignment, Correspondence, Dataset, Outcome, Resource, Split
from data.splits import Families, Plan

Counts: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Labels with their splits, and what they are about, each in an order of its own.

    `outcomes` are the whole frameworks in which anything is labelled, since a model chooses among
    all of them, and `crosswalk` is what is stated of two of them. `sources` are the datasets that
    the catalogue was made of.
    """

    plan: Plan
    dataset: Dataset
    sources: Sequence[Dataset]
    outcomes: Sequence[Outcome]
    resources: Sequence[Resource]
    accepted: Sequence[Alignment]
    rejected: Sequence[Rejection]
    crosswalk: Sequence[Correspondence] = ()
    resource_families: Families
    outcome_families: Families
    left_out: Mapping[str, int]

    @property
    def labels(self) -> Sequence[Alignment | Rejection]:
        """Accepted ones, then rejected ones."""
        return (*self.accepted, *self.rejected)


def counts_of(content: Content) -> Counts:
    """Rows of each kind, over all and in each split, and how many labels were left out and why."""
    return {
        "resources": len(content.resources),
        "resource_families": len({content.resource_families[one.id] for one in content.resources}),
        "outcomes": sum(outcome.assignable for outcome in content.outcomes),
        "splits": {split.value: _split_counts(content, split) for split in Split},
        "left_out": dict(content.left_out),
    }


def _split_counts(content: Content, split: Split) -> dict[str, int]:
    accepted = [one for one in content.accepted if one.split is split]
    return {
        "accepted": len(accepted),
        "rejected": sum(one.split is split for one in content.rejected),
        "resources": len({one.resource for one in accepted}),
        "outcomes": len({one.outcome for one in accepted}),
    }
