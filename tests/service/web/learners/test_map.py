from hypothesis import given
from hypothesis import strategies as st

from service.web.learners.map import STEP, Stop, drawn


def item(name, *requires):
    known = {"mastery": 0.2, "basis": "guess"}
    return {"outcome": {"id": name}, "requires": list(requires), "resources": 1, **known}


def test_what_is_required_stands_before_what_builds_on_it():
    found = drawn([item("a", "known"), item("b", "a"), item("c", "known"), item("goal", "b", "c")])
    at = {place.outcome["id"]: place for place in found.places}
    assert at["a"].x < at["b"].x < at["goal"].x
    assert at["a"].x == at["c"].x
    assert at["a"].y != at["c"].y
    assert [at[name].stop for name in "abc"] == [Stop.READY, Stop.LATER, Stop.READY]
    assert at["goal"].stop is Stop.GOAL
    assert [(first.number, second.number) for first, second in found.lines] == [
        (1, 2),
        (2, 4),
        (3, 4),
    ]


def test_from_right_to_left_it_is_the_same_mirrored():
    items = [item("a"), item("b", "a")]
    left, right = drawn(items), drawn(items, mirrored=True)
    assert [one.x for one in right.places] == [left.width - one.x for one in left.places]


def test_a_goal_that_is_reached_leaves_nothing_to_draw():
    assert drawn([]).places == ()


@given(st.lists(st.lists(st.integers(0, 20), max_size=3), min_size=1, max_size=12))
def test_no_two_places_lie_on_each_other_and_all_are_inside(needs):
    items = [
        item(str(number), *(str(one) for one in before if one < number))
        for number, before in enumerate(needs)
    ]
    found = drawn(items)
    spots = {(place.x, place.y) for place in found.places}
    assert len(spots) == len(items)
    assert all(0 < x < found.width and 0 < y < found.height for x, y in spots)
    assert all(x % STEP == STEP // 2 for x, _ in spots)
