import pytest

from data.catalogue.coverage import Covered
from data.records import Outcome
from service.web.coverage.table import table

NODES = [Outcome(id=id_, framework="f", title=id_) for id_ in ("a", "b")]


def covered(node="a", outcomes=4, empty=0, nodes=5, **resources):
    return Covered(node=node, nodes=nodes, outcomes=outcomes, empty=empty, resources=resources)


@pytest.mark.parametrize(
    ("resources", "outcomes", "step"),
    [(0, 4, 0), (1, 4, 1), (2, 4, 2), (3, 4, 2), (4, 4, 3), (7, 4, 3), (8, 4, 4), (1, 0, 3)],
)
def test_a_cell_is_as_deep_as_it_has_resources_for_each_outcome(resources, outcomes, step):
    counted = covered(outcomes=outcomes, **({"en": resources} if resources else {}))
    (cell,) = table([counted], NODES, ["en"]).rows[0].cells
    assert (cell.resources, cell.step) == (resources, step)


def test_a_column_that_is_empty_here_keeps_its_place():
    found = table([covered(en=2), covered("b", fr=3)], NODES, ["en", "fr", "ar"])
    assert found.columns == ("en", "fr", "ar")
    assert [[cell.resources for cell in row.cells] for row in found.rows] == [[2, 0, 0], [0, 3, 0]]


def test_resources_that_state_no_value_have_a_column_where_there_are_some():
    one = Covered(node="a", nodes=1, outcomes=1, empty=0, resources={None: 2, "en": 1})
    found = table([one], NODES, ["en"])
    assert found.columns == ("en", None)
    assert [cell.resources for cell in found.rows[0].cells] == [1, 2]


def test_what_is_empty_is_told_for_each_row_and_for_all():
    found = table([covered(outcomes=4, empty=1), covered("b", 6, 6, 1)], NODES, [])
    assert [row.share_empty for row in found.rows] == [0.25, 1.0]
    assert [row.is_leaf for row in found.rows] == [False, True]
    assert (found.empty, found.outcomes) == (7, 10)
    assert table([covered(outcomes=0)], NODES, []).rows[0].share_empty == 0.0
