from evaluation.evidence.cells import Cell
from evaluation.evidence.counting import Counting
from evaluation.evidence.privacy import Privacy, Table

TABLE = Table(name="t", most=4, width=2)
DOMAIN = [("p", "a"), ("p", "b")]


def counted(privacy):
    counting = Counting(TABLE, DOMAIN, privacy)
    counting.add({("p", "a"): (2.0, 1.0)})
    counting.add({("p", "a"): (30.0, 15.0)})
    return counting


def test_each_learner_counts_once_in_a_cell_and_empty_cells_are_there():
    cells = counted(Privacy(least=2)).told(None).cells
    assert cells == (Cell(("p", "a"), 2, (32.0, 16.0)), Cell(("p", "b"), 0, (0.0, 0.0)))


def test_where_there_is_noise_a_learner_adds_no_more_than_the_bound():
    cells = counted(Privacy(least=2, epsilon=1.0, secret=b"s")).told(1e9).cells
    assert cells[0] == Cell(("p", "a"), 2, (6.0, 3.0))
