"""A framework as a tree to walk: what is below a node, and what is of a level and subject."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from data.catalogue import Catalogue
from data.catalogue.coverage import Covered
from data.records import Outcome
from models.snapshots.indexing import inherited_levels
from models.text import outcome_path

# What has more nodes below it than this is walked on a page of its own.
SMALL = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An outcome with all below it, and how many resources it has itself."""

    outcome: Outcome
    resources: int
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """A node that a page lists, with what is counted below it.

    `below` are the nodes right below; they hold all that is deeper if `is_small`.
    """

    outcome: Outcome
    covered: Covered
    below: tuple[Node, ...]

    @property
    def is_small(self) -> bool:
        """Whether all of it can be shown where it is listed."""
        return self.covered.nodes <= SMALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Outcomes that follow each other below the same heading, with their numbers of resources."""

    heading: tuple[str, ...]
    outcomes: tuple[Node, ...]


def stems(catalogue: Catalogue, framework: str, parent: str | None) -> tuple[Stem, ...]:
    """What is right below a node, or the framework's roots if that is None."""
    counted = catalogue.coverage.below(framework, parent)
    if not counted:
        return ()
    tree = _Tree(catalogue, framework)
    return tuple(
        Stem(
            outcome=tree.outcomes[covered.node],
            covered=covered,
            below=tree.below(covered.node, deep=covered.nodes <= SMALL),
        )
        for covered in counted
    )


def of_level(catalogue: Catalogue, framework: str, level: str, subject: str) -> list[Group]:
    """A framework's outcomes of a level and a subject, in tree order; "" lets all through."""
    tree = _Tree(catalogue, framework)
    fitting = [
        outcome
        for outcome in tree.walk(None)
        if outcome.assignable
        and subject in ("", outcome.subject)
        and (not level or level in inherited_levels(outcome, tree.outcomes))
    ]
    return [
        Group(heading=heading, outcomes=tuple(tree.node(outcome, deep=False) for outcome in there))
        for heading, there in groupby(
            fitting, lambda outcome: outcome_path(outcome, tree.outcomes)[:-1]
        )
    ]


def natural(text: str) -> list[tuple[int, str]]:
    """A key that puts Grade 9 before Grade 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in parts]


class _Tree:
    """The outcomes of one framework by their parents."""

    def __init__(self, catalogue: Catalogue, framework: str) -> None:
        live = catalogue.outcomes.live(framework)
        self.outcomes = {outcome.id: outcome for outcome in live}
        self._resources = catalogue.coverage.of_outcomes(framework)
        self._children: dict[str | None, list[Outcome]] = {}
        for outcome in live:
            self._children.setdefault(outcome.parent, []).append(outcome)

    def node(self, outcome: Outcome, *, deep: bool) -> Node:
        """An outcome, with what is below it if `deep`."""
        children = self.below(outcome.id, deep=True) if deep else ()
        resources = self._resources.get(outcome.id, 0)
        return Node(outcome=outcome, resources=resources, children=children)

    def below(self, parent: str | None, *, deep: bool) -> tuple[Node, ...]:
        """What is right below a node."""
        return tuple(self.node(child, deep=deep) for child in self._children.get(parent, ()))

    def walk(self, parent: str | None) -> Iterator[Outcome]:
        """All that is below a node, in the order of the tree."""
        for child in self._children.get(parent, ()):
            yield child
            yield from self.walk(child.id)
