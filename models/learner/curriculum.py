"""Outcomes in the order in which they are taught, and what each of them builds on."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.records import Outcome, Prerequisite
from models.snapshots.indexing import inherited_levels

Rows: TypeAlias = NDArray[np.int64]
Values: TypeAlias = NDArray[np.float64]

NO_LEVEL: Final = np.nan
JUST_BEFORE: Final = 6
"""How many outcomes of its strand stand just before one."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Edges:
    """Row `outcome[i]` builds on row `requires[i]`; edges inside a cycle are left out."""

    outcome: Rows
    requires: Rows


class Curriculum:
    """Assignable outcomes of one or more frameworks as rows, in curriculum order.

    Outcomes that require one another in a circle are one step: none of them waits for another, and
    each waits for what any of them requires from outside. `cycles` names them.

    `levels` are each outcome's, `level_ranks` the place of each framework's levels among them, and
    `ranks` [n] that of each outcome's lowest; NaN for none.
    """

    def __init__(self, outcomes: Sequence[Outcome], prerequisites: Iterable[Prerequisite]) -> None:
        by_id = {outcome.id: outcome for outcome in outcomes}
        self.outcomes = [outcome for outcome in _taught(outcomes) if outcome.assignable]
        self.ids = [outcome.id for outcome in self.outcomes]
        self.row = {name: place for place, name in enumerate(self.ids)}
        self.levels = [inherited_levels(outcome, by_id) for outcome in self.outcomes]
        self.level_ranks = _level_ranks(self.outcomes, self.levels)
        self.ranks = np.array(
            [
                min((self.level_ranks[one.framework, level] for level in named), default=NO_LEVEL)
                for one, named in zip(self.outcomes, self.levels, strict=True)
            ]
        )
        self.frameworks = np.array([outcome.framework for outcome in self.outcomes], dtype=object)
        self._under = _under(self.row, by_id)
        self._before = self._in_strands(by_id)
        said = [
            (self.row[edge.outcome], self.row[edge.requires])
            for edge in prerequisites
            if edge.outcome in self.row and edge.requires in self.row
        ]
        self.edges, self.cycles = self._collapsed(said)
        self._requires = _listed(self.edges.outcome, self.edges.requires)
        self._unlocks = _listed(self.edges.requires, self.edges.outcome)

    def __len__(self) -> int:
        return len(self.ids)

    def under(self, name: str) -> Sequence[int]:
        """The rows of an outcome, or of all below a heading; none for an unknown id."""
        return (self.row[name],) if name in self.row else self._under.get(name, ())

    def requires(self, row: int) -> Sequence[int]:
        """Rows that an outcome directly builds on."""
        return self._requires.get(row, ())

    def unlocks(self, row: int) -> Sequence[int]:
        """Rows that directly build on an outcome."""
        return self._unlocks.get(row, ())

    def weakest_requirement(self, mastery: Values) -> Values:
        """The lowest mastery [n] among what each outcome directly builds on; 1 where nothing."""
        lowest = np.ones(len(self))
        np.minimum.at(lowest, self.edges.outcome, mastery[self.edges.requires])
        return lowest

    def in_turn(self, mastery: Values, doubt: float) -> Values:
        """What is left [n] of 1 where each just before in the strand takes a share `doubt` of it.

        It takes that as far as it is not mastered.
        """
        left = np.log1p(doubt * (mastery[self._before.requires] - 1))
        return np.exp(np.bincount(self._before.outcome, left, len(self)))

    def below(self, row: int) -> set[int]:
        """All rows that an outcome builds on, directly or not."""
        found: set[int] = set()
        waiting = [row]
        while waiting:
            for needed in self.requires(waiting.pop()):
                if needed not in found:
                    found.add(needed)
                    waiting.append(needed)
        return found - {row}

    def in_order(self, rows: Iterable[int]) -> list[int]:
        """Rows so that what is required stands first; else in curriculum order."""
        wanted = set(rows)
        open_ = {row: sum(needed in wanted for needed in self.requires(row)) for row in wanted}
        ordered: list[int] = []
        ready = sorted(row for row, count in open_.items() if not count)
        while ready:
            row = ready.pop(0)
            ordered.append(row)
            for after in self.unlocks(row):
                if after in open_:
                    open_[after] -= 1
                    if not open_[after]:
                        ready = sorted([*ready, after])
        return ordered

    def _in_strands(self, outcomes: Mapping[str, Outcome]) -> Edges:
        """Each row, and those just before it in its strand, of its own level and lower ones."""
        strands: dict[tuple[str, ...], list[int]] = {}
        for row, (one, levels) in enumerate(zip(self.outcomes, self.levels, strict=True)):
            if named := _strand(one, levels, outcomes):
                strands.setdefault((one.framework, *named), []).append(row)
        found = [
            (row, before)
            for rows in strands.values()
            for ordered in [sorted(rows, key=lambda row: (np.nan_to_num(self.ranks[row]), row))]
            for place, row in enumerate(ordered)
            for before in ordered[max(0, place - JUST_BEFORE) : place]
        ]
        pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
        return Edges(outcome=pairs[:, 0], requires=pairs[:, 1])

    def _collapsed(self, said: Sequence[tuple[int, int]]) -> tuple[Edges, list[list[str]]]:
        from scipy import sparse  # brings much that no server's start needs
        from scipy.sparse.csgraph import connected_components

        size = len(self.ids)
        pairs = np.array(said, dtype=np.int64).reshape(-1, 2)
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        graph = sparse.csr_matrix((np.ones(len(pairs)), pairs.T), shape=(size, size))
        _, component = connected_components(graph, connection="strong")
        members: dict[int, list[int]] = {}
        for row, one in enumerate(component):
            members.setdefault(int(one), []).append(row)
        circles = [rows for rows in members.values() if len(rows) > 1]
        outside = pairs[component[pairs[:, 0]] != component[pairs[:, 1]]] if size else pairs
        edges = {(int(outcome), int(requires)) for outcome, requires in outside}
        for outcome, requires in list(edges):
            edges |= {(other, requires) for other in members[int(component[outcome])]}
        kept = np.array(sorted(edges), dtype=np.int64).reshape(-1, 2)
        names = [[self.ids[row] for row in rows] for rows in circles]
        return Edges(outcome=kept[:, 0], requires=kept[:, 1]), names


def _taught(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Framework by framework, down each branch of the tree before the next."""
    children: dict[str | None, list[Outcome]] = {}
    known = {outcome.id for outcome in outcomes}
    for outcome in sorted(outcomes, key=lambda one: (one.framework, one.position, one.id)):
        parent = outcome.parent if outcome.parent in known else None
        children.setdefault(parent, []).append(outcome)
    ordered: list[Outcome] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        outcome = waiting.pop()
        ordered.append(outcome)
        waiting.extend(reversed(children.get(outcome.id, [])))
    return ordered


def _strand(
    outcome: Outcome, levels: Sequence[str], outcomes: Mapping[str, Outcome]
) -> tuple[str, ...]:
    """The titles of the headings above an outcome, without those that name its level."""
    titles: list[str] = []
    above: set[str] = set()
    node = outcomes.get(outcome.parent or "")
    while node is not None and node.id not in above:
        above.add(node.id)
        words = node.title.casefold().split()
        if not any(level.casefold() in (node.title.casefold(), *words) for level in levels):
            titles.append(node.title)
        node = outcomes.get(node.parent or "")
    return tuple(titles)


def _under(rows: Mapping[str, int], outcomes: Mapping[str, Outcome]) -> dict[str, list[int]]:
    """Heading → the rows anywhere below it."""
    found: dict[str, list[int]] = {}
    for name, row in rows.items():
        above: set[str] = set()
        node = outcomes.get(outcomes[name].parent or "")
        while node is not None and node.id not in above:
            above.add(node.id)
            found.setdefault(node.id, []).append(row)
            node = outcomes.get(node.parent or "")
    return found


def _level_ranks(
    outcomes: Sequence[Outcome], levels: Sequence[tuple[str, ...]]
) -> dict[tuple[str, str], float]:
    """(Framework, level) → its place among the framework's levels.

    Levels with a number in them go by it, others by where the curriculum first has them.
    """
    met: dict[str, list[str]] = {}
    for outcome, named in zip(outcomes, levels, strict=True):
        first = met.setdefault(outcome.framework, [])
        first.extend(level for level in named if level not in first)
    return {
        (framework, level): float(rank)
        for framework, first in met.items()
        for rank, level in enumerate(_by_number(first))
    }


def _by_number(levels: Sequence[str]) -> list[str]:
    numbers = {level: _NUMBER.search(level) for level in levels}
    if not all(numbers.values()):
        return list(levels)
    return sorted(levels, key=lambda level: int(_NUMBER.findall(level)[0]))


def _listed(of: Rows, has: Rows) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, other in zip(of.tolist(), has.tolist(), strict=True):
        found.setdefault(one, []).append(other)
    return found
