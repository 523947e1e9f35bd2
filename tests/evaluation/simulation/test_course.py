import numpy as np
import pytest

from data.records import Event
from evaluation.simulation.course import START, study, told
from evaluation.simulation.curriculum import Activity, make_world
from evaluation.simulation.policies import Oracle, Ordered, Popular
from evaluation.simulation.students import knows_at_start
from evaluation.simulation.tracing import TracedStudent


@pytest.fixture(scope="module")
def world():
    return make_world(0)


def student(world, level=1):
    draw = np.random.default_rng(0)
    return TracedStudent(world, knows_at_start(world, level, draw, gaps=False), draw, START)


def activity(**what):
    fields = {"resource": "r", "outcome": 0, "minutes": 5.0, "questions": 5, "by_item": False}
    return Activity(**{**fields, **what})


def test_practice_is_completed_by_four_fifths_and_told_as_a_score():
    (passed,) = told(activity(), [True, True, True, True, False], START)
    (failed,) = told(activity(), [True, True, True, False, False], START)
    assert (passed.event, passed.score) == (Event.COMPLETED, 0.8)
    assert (failed.event, failed.score) == (Event.ATTEMPTED, 0.6)
    assert passed.time == failed.time == START + 300


def test_practice_by_items_is_told_answer_by_answer():
    *items, whole = told(activity(by_item=True), [True] * 4 + [False], START)
    assert [one.score for one in items] == [1, 1, 1, 1, 0]
    assert [one.time for one in items] == [START + 60 * minute for minute in range(1, 6)]
    assert len({one.item for one in items}) == 5
    assert (whole.event, whole.item, whole.score) == (Event.COMPLETED, None, None)
    assert len(told(activity(by_item=True), [False] * 5, START)) == 5


def test_an_explanation_is_completed():
    (one,) = told(activity(questions=0, minutes=7.0), [], START)
    assert (one.event, one.score, one.time) == (Event.COMPLETED, None, START + 420)


def test_each_day_has_its_hour(world):
    course = study(world, student(world), Ordered(world, 1), 3)
    assert 180 <= course.minutes < 3 * 70
    assert course.minutes == sum(world.activities[one].minutes for one in course.done)
    assert course.idle == 0
    assert course.mastered > 0


def test_time_on_what_is_known_and_on_what_waits_for_something_is_told_apart(world):
    known = next(
        place for place, one in enumerate(world.activities) if world.levels[one.outcome] == 0
    )
    last = len(world.activities) - 1
    opened = np.zeros(len(world.activities))
    opened[[known, last]] = 2, 1
    course = study(world, student(world), Popular(opened), 1)
    assert course.done[:2] == [known, last]
    assert course.known >= world.activities[known].minutes
    assert course.unready >= world.activities[last].minutes
    assert course.known + course.unready <= course.minutes


def test_where_nothing_is_chosen_the_day_is_idle(world):
    nothing = Oracle(world, student(world, level=6), START)
    course = study(world, student(world), nothing, 2)
    assert (course.minutes, course.idle, course.done, course.expected) == (120, 120, [], 0)
    assert course.mastered <= 0
