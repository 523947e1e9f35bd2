"""Counts → the table that the page shows, with how well each cell is served."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.catalogue.coverage import Covered
from data.records import Outcome

# Resources for each outcome from which a cell takes the next shade.
STEPS = (0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How many resources there are of one language or kind; step 0 is none, 4 the most."""

    resources: int
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A node, its cells in the order of the columns, and what it has of all of them."""

    outcome: Outcome
    outcomes: int
    empty: int
    total: int
    cells: tuple[Cell, ...]
    is_leaf: bool

    @property
    def share_empty(self) -> float:
        """The share of its outcomes that have no resource at all."""
        return self.empty / self.outcomes if self.outcomes else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows in the order of the tree; a column None is of resources that state no value."""

    columns: tuple[str | None, ...]
    rows: tuple[Row, ...]

    @property
    def outcomes(self) -> int:
        """How many outcomes there are in all."""
        return sum(row.outcomes for row in self.rows)

    @property
    def empty(self) -> int:
        """How many of them have no resource at all."""
        return sum(row.empty for row in self.rows)


def table(counted: Sequence[Covered], outcomes: Iterable[Outcome], columns: Sequence[str]) -> Table:
    """The table of these nodes; every one of `columns` has its place, even if it is empty."""
    by_id = {outcome.id: outcome for outcome in outcomes}
    some_state_none = any(None in one.resources for one in counted)
    all_columns = (*columns, None) if some_state_none else tuple(columns)
    return Table(
        columns=all_columns,
        rows=tuple(_row(one, by_id[one.node], all_columns) for one in counted),
    )


def _row(counted: Covered, outcome: Outcome, columns: Sequence[str | None]) -> Row:
    return Row(
        outcome=outcome,
        outcomes=counted.outcomes,
        empty=counted.empty,
        total=counted.total,
        cells=tuple(_cell(counted.resources.get(name, 0), counted.outcomes) for name in columns),
        is_leaf=counted.nodes == 1,
    )


def _cell(resources: int, outcomes: int) -> Cell:
    if not resources:
        return Cell(resources=0, step=0)
    each = resources / max(outcomes, 1)
    return Cell(resources=resources, step=1 + sum(each >= least for least in STEPS))
