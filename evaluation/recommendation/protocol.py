"""What a learner goes on to, measured: who is asked for, after what, and what is known by then.

Repeats of a resource by the same learner are dropped. What comes before the 80 % quantile of time
is fitted to; every later first contact is a target, told from all that its learner did before it,
and ranked against the whole catalogue without what they have seen. A later contact is context for
the ones after it, but nothing is fitted to it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from data.errors import GatewaysError
from data.formats.protocol import Document
from data.records import Alignment, Interaction, Relation, Resource
from evaluation.dataset import reading
from models.learner.continuation import Continuation, fit_continuation
from models.learner.continuation_counts import first_contacts

FITTED: Final = 0.8
"""Quantile of the times of first contacts, up to which a model is fitted."""


@dataclass(frozen=True, slots=True)
class Target:
    """The contact at `place` of all first contacts of one learner, in order of time."""

    contacts: Sequence[Interaction]
    place: int

    @property
    def history(self) -> Sequence[Interaction]:
        """What the learner did before it; empty for a learner of whom nothing is known."""
        return self.contacts[: self.place]

    @property
    def learner(self) -> str:
        """Whose contact it is."""
        return self.contacts[self.place].learner

    @property
    def resource(self) -> str:
        """What has to be found."""
        return self.contacts[self.place].resource or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A dataset, parted by time at `cut` (Unix seconds).

    `fitted` are first contacts before it, `targets` those after it of learners with a history,
    `beginnings` those of learners without. `outcomes` says what resources are aligned to.
    """

    name: str
    resources: Sequence[Resource]
    outcomes: Mapping[str, Sequence[str]]
    cut: float
    fitted: Sequence[Interaction]
    targets: Sequence[Target]
    beginnings: Sequence[Target]

    def fit(self) -> Continuation:
        """The model, fitted to what comes before the cut."""
        return fit_continuation(self.fitted, self.resources, self.outcomes)


def read_task(document: Document) -> Task:
    """Read and part a dataset. Raises GatewaysError where nothing can be measured on it."""
    name = document.dataset.name
    resources = reading.resources(document)
    if not resources:
        raise GatewaysError(
            f"{name}: no resources to recommend; resources.jsonl must have a line for each"
        )
    outcomes: defaultdict[str, list[str]] = defaultdict(list)
    for alignment in reading.records(document, Alignment):
        if alignment.relation is not Relation.REQUIRES:
            outcomes[alignment.resource].append(alignment.outcome)
    interactions = list(reading.records(document, Interaction))
    contacts = first_contacts(interactions, {resource.id for resource in resources})
    if not contacts:
        raise GatewaysError(
            f"{name}: none of {len(interactions):,} interactions is with a resource of "
            "resources.jsonl; the column `resource` of interactions.csv must name them"
        )
    cut = float(np.quantile([one.time for one in contacts], FITTED))
    fitted = [one for one in contacts if one.time < cut]
    if not fitted:
        raise GatewaysError(
            f"{name}: {len(contacts):,} first contacts of learners with resources, and none before "
            f"time {cut:.0f}, when four fifths must have happened; the column `time` of "
            "interactions.csv must tell what came first"
        )
    targets = _later(contacts, cut)
    found = [target for target in targets if target.place]
    if not found:
        raise GatewaysError(
            f"{name}: after time {cut:.0f}, when four fifths had happened, no learner of whom "
            "something is known opens another resource; it takes more interactions by the same "
            "learners"
        )
    return Task(
        name=name,
        resources=resources,
        outcomes=outcomes,
        cut=cut,
        fitted=fitted,
        targets=found,
        beginnings=[target for target in targets if not target.place],
    )


def _later(contacts: Sequence[Interaction], cut: float) -> list[Target]:
    of_learner: defaultdict[str, list[Interaction]] = defaultdict(list)
    found = []
    for one in contacts:
        mine = of_learner[one.learner]
        if one.time >= cut:
            found.append(Target(mine, len(mine)))
        mine.append(one)
    return found
