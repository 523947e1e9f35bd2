"""What is kept back cannot be told from what is told."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evaluation.evidence.cells import Cell, told

LEAST = 10
PLATFORMS, NAMES = ("p", "q"), ("a", "b", "c", "d")


@st.composite
def many(draw):
    keys = draw(st.sets(st.tuples(st.sampled_from(PLATFORMS), st.sampled_from(NAMES)), min_size=1))
    cells = []
    for key in sorted(keys):
        learners = draw(st.one_of(st.integers(0, 12), st.integers(10, 500)))
        total = draw(st.integers(learners, 5 * learners)) if learners else 0
        cells.append(Cell(key, learners, (total,)))
    return cells


def equations(cells, found):
    """Everything that is told, each as the cells that it adds up."""
    place = {cell.key: number for number, cell in enumerate(cells)}
    rows = [np.eye(len(cells))[place[cell.key]] for cell in found.cells]
    for pool in found.pools:
        row = np.zeros(len(cells))
        row[[place[pool.platform, name] for name in pool.names]] = 1
        rows.append(row)
    return np.array(rows).reshape(-1, len(cells))


@given(many())
def test_no_cell_that_is_kept_back_can_be_computed_from_all_that_is_told(cells):
    found = told(cells, LEAST)
    system = equations(cells, found)
    rank = np.linalg.matrix_rank(system) if len(system) else 0
    for number, cell in enumerate(cells):
        if cell.key in found.withheld:
            more = np.vstack([system, np.eye(len(cells))[number]])
            assert np.linalg.matrix_rank(more) == rank + 1


@given(many())
def test_what_is_told_is_the_same_whatever_is_in_a_cell_that_is_told_with_no_other(cells):
    found = told(cells, LEAST)
    pooled = {(pool.platform, name) for pool in found.pools for name in pool.names}
    changed = [
        Cell(cell.key, cell.learners, (cell.sums[0] + 7,))
        if cell.key in found.withheld - pooled
        else cell
        for cell in cells
    ]
    assert told(changed, LEAST) == found


@given(many())
def test_a_cell_is_told_only_with_enough_learners_or_none(cells):
    found = told(cells, LEAST)
    assert all(cell.learners == 0 or cell.learners >= LEAST for cell in found.cells)
    assert {cell.key for cell in found.cells} | found.withheld == {cell.key for cell in cells}
    for pool in found.pools:
        learners = {cell.key: cell.learners for cell in cells}
        of = [learners[pool.platform, name] for name in pool.names]
        assert len(of) > 1
        assert max(of) >= LEAST


@given(many())
def test_a_platforms_total_is_right_wherever_one_cell_of_it_has_enough(cells):
    found = told(cells, LEAST)
    for platform in PLATFORMS:
        here = [cell for cell in cells if cell.key[0] == platform]
        if any(cell.learners >= LEAST for cell in here):
            shown = sum(cell.sums[0] for cell in found.cells if cell.key[0] == platform)
            shown += sum(pool.sums[0] for pool in found.pools if pool.platform == platform)
            assert shown == sum(cell.sums[0] for cell in here)
