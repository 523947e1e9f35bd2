"""What must hold of invented learners, whatever their parameters."""

from functools import partial

import numpy as np
import pytest

from evaluation.simulation import tracing
from evaluation.simulation.curriculum import make_world
from evaluation.simulation.logistic import CAN, LogisticStudent
from evaluation.simulation.students import AGAIN, DAY, knows_at_start
from evaluation.simulation.tracing import TracedStudent

NOW = 1.75e9
KINDS = {
    "bkt": TracedStudent,
    "logistic": LogisticStudent,
    "zone": partial(LogisticStudent, zone=True),
}


@pytest.fixture(scope="module")
def world():
    return make_world(0)


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def student(kind, world, known, seed=0):
    return kind(world, known, np.random.default_rng(seed), NOW)


def below(world, level):
    return np.array(world.levels) < level


def activities(world, row, *, practice):
    return [
        place
        for place, one in enumerate(world.activities)
        if one.outcome == row and bool(one.questions) == practice
    ]


def builds_on_one(world):
    """The first outcome of a later level that builds on something."""
    return next(row for row, its in enumerate(world.levels) if its == 2 and world.requires[row])


def test_without_slip_and_guess_the_first_right_answer_tells_that_it_is_known(world, monkeypatch):
    monkeypatch.setattr(tracing, "GUESS", (0.0, 0.0))
    monkeypatch.setattr(tracing, "SLIP", (0.0, 0.0))
    monkeypatch.setattr(tracing, "TRANSIT", 0.1)
    one = student(TracedStudent, world, below(world, 0))
    answers = [
        right for place in activities(world, 0, practice=True) for right in one.study(place, NOW)
    ]
    assert answers == sorted(answers)
    assert answers[-1]
    assert one.mastered(NOW)[0]


def test_practice_leads_to_mastery(kind, world):
    one = student(kind, world, below(world, 0))
    for place in activities(world, 0, practice=False) + activities(world, 0, practice=True):
        one.study(place, NOW)
    assert one.mastered(NOW).tolist() == [True] + [False] * (len(world.levels) - 1)


def test_what_is_not_practised_is_forgotten_in_part(kind, world):
    one = student(kind, world, below(world, 6))
    begun, later, late = (int(one.mastered(NOW + days * DAY).sum()) for days in (0, 30, 3000))
    assert begun == len(world.levels)
    assert late < later <= begun


def test_less_is_gained_while_what_it_builds_on_is_not_known(kind, world):
    row = builds_on_one(world)
    ready, unready = below(world, 2), below(world, 2)
    unready[list(world.requires[row])] = False
    gains = [student(kind, world, known).gains(NOW, NOW) for known in (ready, unready)]
    assert student(kind, world, ready).ready(NOW)[row]
    assert not student(kind, world, unready).ready(NOW)[row]
    for place in activities(world, row, practice=True):
        assert 0 < gains[1][place] < gains[0][place]


def test_what_is_known_brings_no_gain(kind, world):
    one = student(kind, world, below(world, 2))
    gains = one.gains(NOW, NOW)
    known = one.mastered(NOW)[[each.outcome for each in world.activities]]
    assert not gains[known].any()
    assert (gains[~known] > 0).all()


def test_a_further_explanation_teaches_half(world):
    one = student(LogisticStudent, world, below(world, 2))
    row = builds_on_one(world)
    first, second, *_ = activities(world, row, practice=False)
    before = log_odds(one.chances(NOW)[row])
    gained = []
    for place in (first, second):
        one.study(place, NOW)
        after = log_odds(one.chances(NOW)[row])
        gained.append((after - before) / world.activities[place].minutes)
        before = after
    assert gained[1] == pytest.approx(AGAIN * gained[0])


@pytest.mark.slow
@pytest.mark.parametrize("practice", [False, True])
def test_the_gain_of_a_student_who_knows_or_not_is_how_many_come_to_know(world, practice):
    known, row = below(world, 2), builds_on_one(world)
    place = activities(world, row, practice=practice)[0]
    expected, happened = [], []
    for seed in range(3000):
        one = student(TracedStudent, world, known, seed)
        expected.append(one.gains(NOW, NOW)[place])
        one.study(place, NOW)
        happened.append(one.mastered(NOW)[row])
    assert np.mean(happened) == pytest.approx(np.mean(expected), abs=0.02)


@pytest.mark.parametrize("zone", [False, True])
@pytest.mark.parametrize("practice", [False, True])
def test_the_gain_of_a_student_who_can_more_and_more_is_the_part_of_the_way(world, practice, zone):
    known, row = below(world, 2), builds_on_one(world)
    place = activities(world, row, practice=practice)[0]
    expected, happened = [], []
    for seed in range(500):
        one = student(partial(LogisticStudent, zone=zone), world, known, seed)
        expected.append(one.gains(NOW, NOW)[place])
        before = log_odds(one.chances(NOW)[row])
        one.study(place, NOW)
        after = log_odds(one.chances(NOW)[row])
        happened.append((after - before) / (log_odds(CAN) - before))
    assert np.mean(happened) == pytest.approx(np.mean(expected), rel=0.1)


def test_with_gaps_some_is_not_known_below_the_level_and_some_is_of_it(world):
    draw = np.random.default_rng(0)
    known = knows_at_start(world, 3, draw, gaps=True)
    assert 0.5 < known[below(world, 3)].mean() < 1
    assert 0 < known[~below(world, 3)].mean() < 0.2
    assert knows_at_start(world, 3, draw, gaps=False).tolist() == below(world, 3).tolist()


def log_odds(chance):
    return np.log(chance / (1 - chance))
