import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Outcome, Prerequisite
from models.learner.curriculum import Curriculum


def node(name, *, parent=None, position=0, levels=(), framework="f", assignable=True):
    return Outcome(
        id=name,
        framework=framework,
        parent=parent,
        title=name,
        levels=tuple(levels),
        position=position,
        assignable=assignable,
    )


def built(names, *edges):
    """Outcomes in a row, and edges such as "b<a": b builds on a."""
    outcomes = [node(name, position=place) for place, name in enumerate(names)]
    pairs = [edge.split("<") for edge in edges]
    return Curriculum(outcomes, [Prerequisite(outcome=one, requires=two) for one, two in pairs])


def edges_of(curriculum):
    ids = curriculum.ids
    pairs = zip(curriculum.edges.outcome, curriculum.edges.requires, strict=True)
    return {(ids[one], ids[two]) for one, two in pairs}


GRAPHS = st.integers(1, 8).flatmap(
    lambda size: st.tuples(
        st.just([f"o{number}" for number in range(size)]),
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=20),
    )
)


def test_outcomes_stand_as_they_are_taught_down_each_branch_before_the_next():
    outcomes = [
        node("late", position=2, assignable=False),
        node("early", position=1, assignable=False),
        node("e2", parent="early", position=2),
        node("l1", parent="late", position=1),
        node("e1", parent="early", position=1),
        node("e1 a", parent="e1", position=1),
        node("other", framework="a framework before f"),
    ]
    curriculum = Curriculum(outcomes, [])
    assert curriculum.ids == ["other", "e1", "e1 a", "e2", "l1"]
    assert [curriculum.ids[row] for row in curriculum.under("early")] == ["e1", "e1 a", "e2"]
    assert [curriculum.ids[row] for row in curriculum.under("l1")] == ["l1"]
    assert curriculum.under("nothing") == ()


def test_what_stands_below_a_heading_that_is_gone_is_taught_still():
    assert Curriculum([node("a", parent="retired")], []).ids == ["a"]


def test_levels_with_numbers_go_by_the_number_and_a_heading_gives_its_own():
    outcomes = [
        node("tenth", levels=["Grade 10"], position=1),
        node("second", levels=["Grade 2"], position=2),
        node("unit", levels=["Grade 9"], position=3, assignable=False),
        node("ninth", parent="unit"),
        node("any", position=4),
    ]
    curriculum = Curriculum(outcomes, [])
    ranks = dict(zip(curriculum.ids, curriculum.ranks, strict=True))
    assert ranks["second"] < ranks["ninth"] < ranks["tenth"]
    assert np.isnan(ranks["any"])
    assert sorted(curriculum.level_ranks, key=curriculum.level_ranks.get) == [
        ("f", "Grade 2"),
        ("f", "Grade 9"),
        ("f", "Grade 10"),
    ]


def test_an_outcome_of_several_levels_stands_at_the_lowest_and_each_of_them_is_known():
    outcomes = [node("band", levels=["Year 4", "Year 3"]), node("five", levels=["Year 5"])]
    curriculum = Curriculum(outcomes, [])
    assert curriculum.level_ranks == {("f", "Year 3"): 0, ("f", "Year 4"): 1, ("f", "Year 5"): 2}
    assert curriculum.ranks.tolist() == [0, 2]


def test_levels_without_numbers_go_by_where_the_curriculum_first_has_them():
    outcomes = [
        node("a", levels=["reception"], position=1),
        node("b", levels=["upper"], position=2),
        node("c", levels=["lower"], position=3),
        node("d", levels=["reception"], position=4),
    ]
    assert Curriculum(outcomes, []).ranks.tolist() == [0, 1, 2, 0]


def test_outcomes_that_require_one_another_are_one_step_and_are_named():
    curriculum = built("abcd", "b<a", "b<c", "c<b", "d<c")
    assert curriculum.cycles == [["b", "c"]]
    # Both wait for what one of them requires, and neither for the other.
    assert edges_of(curriculum) == {("b", "a"), ("c", "a"), ("d", "c")}


def test_an_outcome_that_requires_itself_waits_for_nothing_and_is_no_cycle():
    curriculum = built("a", "a<a")
    assert (edges_of(curriculum), curriculum.cycles) == (set(), [])


def test_an_edge_to_what_cannot_be_taught_is_left_out():
    outcomes = [node("unit", assignable=False), node("a"), node("b")]
    pairs = [("a", "unit"), ("a", "gone"), ("b", "a"), ("b", "a")]
    curriculum = Curriculum(outcomes, [Prerequisite(outcome=x, requires=y) for x, y in pairs])
    assert edges_of(curriculum) == {("b", "a")}


def test_the_weakest_requirement_is_the_lowest_mastery_of_what_it_builds_on():
    curriculum = built("abcd", "c<a", "c<b", "d<c")
    weakest = curriculum.weakest_requirement(np.array([0.9, 0.4, 0.7, 0.1]))
    assert weakest.tolist() == [1.0, 1.0, 0.4, 0.7]


def test_what_an_outcome_builds_on_directly_or_not():
    curriculum = built("abcd", "c<a", "d<c", "b<a")
    names = {curriculum.ids[row] for row in curriculum.below(curriculum.row["d"])}
    assert names == {"a", "c"}
    assert curriculum.below(curriculum.row["a"]) == set()


@settings(max_examples=50)
@given(GRAPHS)
def test_whatever_requires_what_nothing_waits_for_itself_and_all_can_be_put_in_order(graph):
    names, said = graph
    curriculum = built(names, *(f"o{one}<o{other}" for one, other in said))
    ordered = curriculum.in_order(range(len(names)))
    assert sorted(ordered) == list(range(len(names)))
    place = {row: number for number, row in enumerate(ordered)}
    for row in ordered:
        assert row not in curriculum.below(row)
        assert all(place[needed] < place[row] for needed in curriculum.requires(row))
    # Two are named in one cycle just when each leads to the other by what was said.
    leads = {(one, other) for one, other in said if one != other}
    for _ in names:
        leads |= {(one, last) for one, mid in leads for also, last in leads if mid == also}
    together = {(f"o{one}", f"o{other}") for one, other in leads if (other, one) in leads}
    pairs = {(one, two) for cycle in curriculum.cycles for one in cycle for two in cycle}
    assert {pair for pair in together if pair[0] != pair[1]} == {
        pair for pair in pairs if pair[0] != pair[1]
    }


def test_without_edges_the_order_is_that_of_the_curriculum():
    assert built("cab").in_order([2, 0, 1]) == [0, 1, 2]


@pytest.mark.parametrize("names", ["", "a"])
def test_a_curriculum_may_be_empty_or_have_one_outcome(names):
    curriculum = built(names)
    assert (len(curriculum), curriculum.cycles, curriculum.in_order([])) == (len(names), [], [])


def test_a_strand_goes_on_from_one_level_to_the_next_but_not_into_another():
    outcomes = [
        Outcome(id=f"{strand}{level}", framework="f", title=strand, parent=level, assignable=False)
        for level in ("Year 1", "Year 2")
        for strand in ("Number", "Shape")
    ]
    outcomes += [node(level, assignable=False) for level in ("Year 1", "Year 2")]
    outcomes += [
        node(name, parent=parent, levels=[level], position=place)
        for place, (name, parent, level) in enumerate(
            [
                ("n1", "NumberYear 1", "Year 1"),
                ("s1", "ShapeYear 1", "Year 1"),
                ("n2", "NumberYear 2", "Year 2"),
                ("n3", "NumberYear 2", "Year 2"),
                ("n4", "NumberYear 2", "Year 2"),
            ]
        )
    ]
    curriculum = Curriculum(outcomes, [])
    mastery = np.array([float(name == "n1") for name in curriculum.ids])
    left = curriculum.in_turn(mastery, 0.2)
    assert dict(zip(curriculum.ids, left.tolist(), strict=True)) == pytest.approx(
        {"n1": 1, "s1": 1, "n2": 1, "n3": 0.8, "n4": 0.64}
    )


def test_outcomes_below_no_heading_are_a_list_and_no_strand():
    assert built("abc").in_turn(np.zeros(3), 0.2).tolist() == [1, 1, 1]
