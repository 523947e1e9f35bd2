from evaluation.simulation.curriculum import CIRCLE, MISSING, SPURIOUS, make_world
from models.learner.curriculum import Curriculum


def edges(world):
    return {(one.outcome, one.requires) for one in world.said}


def test_the_same_seed_gives_the_same_world():
    assert make_world(3) == make_world(3)
    assert make_world(3).requires != make_world(4).requires


def test_rows_are_in_curriculum_order_and_build_on_what_comes_before():
    world = make_world(0)
    curriculum = Curriculum(world.outcomes, world.said)
    assert curriculum.ids == [one.id for one in world.outcomes if one.assignable]
    assert curriculum.ranks.tolist() == list(world.levels) == sorted(world.levels)
    assert [tuple(curriculum.requires(row)) for row in range(len(curriculum))] == world.requires
    assert all(needed < row for row, rows in enumerate(world.requires) for needed in rows)


def test_misstated_prerequisites_miss_some_have_others_and_run_in_a_circle():
    true, world = make_world(0), make_world(0, wrong=True)
    assert (world.requires, world.activities) == (true.requires, true.activities)
    missing = len(edges(true) - edges(world)) / len(edges(true))
    made_up = len(edges(world) - edges(true)) / len(edges(true))
    assert abs(missing - MISSING) < 0.1
    assert SPURIOUS <= made_up <= SPURIOUS + (CIRCLE + 1) / len(edges(true))
    assert not Curriculum(true.outcomes, true.said).cycles
    assert max(map(len, Curriculum(world.outcomes, world.said).cycles)) >= CIRCLE
