import numpy as np
import pytest

from data.records import Event
from evaluation.simulation.course import START, end_of, study, told
from evaluation.simulation.curriculum import make_world
from evaluation.simulation.policies import Oracle, Ordered, Ours, Popular, Random
from evaluation.simulation.students import knows_at_start
from evaluation.simulation.tracing import TracedStudent
from models.learner.curriculum import Curriculum
from models.learner.recommender import Recommender
from models.learner.shelf import Shelf, sure_alignments
from models.learner.tracing import starting_tracer

LEVEL, HOURS = 2, 4


@pytest.fixture(scope="module")
def world():
    return make_world(0)


@pytest.fixture(scope="module")
def recommender(world):
    curriculum = Curriculum(world.outcomes, world.said)
    shelf = Shelf(curriculum, world.resources, sure_alignments(world.alignments))
    return Recommender(curriculum, shelf, starting_tracer(), explored=0)


@pytest.fixture
def student(world):
    draw = np.random.default_rng(0)
    return TracedStudent(world, knows_at_start(world, LEVEL, draw, gaps=True), draw, START)


def everything(world):
    return list(range(len(world.activities)))


def do(world, policy, open_, right):
    """Choose and do the next, with all answers right or wrong; what it was."""
    place = policy.choose(open_, START)
    one = world.activities[place]
    happened = told(one, [right] * one.questions, START)
    if happened[-1].event is Event.COMPLETED:
        open_.remove(place)
    policy.saw(happened)
    return one


def test_the_fixed_order_explains_then_practises_and_moves_on_after_a_pass(world):
    policy, open_ = Ordered(world, LEVEL), everything(world)
    first = world.levels.index(LEVEL)
    done = [do(world, policy, open_, right=True) for _ in range(4)]
    assert [one.outcome for one in done] == [first, first, first + 1, first + 1]
    assert [bool(one.questions) for one in done] == [False, True, False, True]


def test_the_fixed_order_comes_back_to_what_was_not_passed(world):
    policy, open_ = Ordered(world, LEVEL), everything(world)
    first = world.levels.index(LEVEL)
    while (one := do(world, policy, open_, right=False)).outcome == first:
        pass
    assert one.outcome == first + 1
    outcomes = []
    while policy.choose(open_, START) is not None and len(outcomes) < 1000:
        outcomes.append(do(world, policy, open_, right=True).outcome)
    assert len(outcomes) < 1000
    assert outcomes[-1] == first
    assert set(outcomes) == set(range(len(world.levels)))


def test_popularity_takes_what_most_opened_and_of_equals_the_first():
    policy = Popular(np.array([1.0, 3.0, 0.0, 3.0]))
    chosen, open_ = [], [0, 1, 2, 3]
    while open_:
        chosen.append(policy.choose(open_, START))
        open_.remove(chosen[-1])
    assert chosen == [1, 3, 0, 2]
    assert policy.choose([], START) is None


def test_the_oracle_takes_what_brings_most_a_minute(world, student):
    oracle, open_ = Oracle(world, student, end_of(HOURS)), everything(world)
    gains = student.gains(START, end_of(HOURS))
    minutes = np.array([one.minutes for one in world.activities])
    assert oracle.choose(open_, START) == int(np.argmax(gains / minutes))
    known = student.mastered(START)
    idle = [place for place in open_ if known[world.activities[place].outcome]]
    assert oracle.choose(idle, START) is None
    assert oracle.choose([], START) is None


def test_the_oracle_is_better_than_chance(world):
    found = []
    for name in ("oracle", "random"):
        draw = np.random.default_rng(0)
        known = knows_at_start(world, LEVEL, draw, gaps=True)
        one = TracedStudent(world, known, draw, START)
        policy = Oracle(world, one, end_of(HOURS)) if name == "oracle" else Random(draw)
        found.append(study(world, one, policy, HOURS))
    assert found[0].expected > 2 * found[1].expected
    assert found[0].mastered > found[1].mastered
    assert found[0].unready < found[1].unready


def test_ours_is_told_what_was_done_and_recommends_what_the_learner_is_ready_for(
    world, recommender, student
):
    policy = Ours(world, recommender, LEVEL, seed=0)
    course = study(world, student, policy, HOURS)
    assert policy.shown > len(course.done) > 0
    assert policy.unready == 0
    assert {world.levels[world.activities[place].outcome] for place in course.done} <= {0, 1, 2, 3}
