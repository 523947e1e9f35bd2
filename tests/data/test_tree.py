import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.tree import closing_edges, cycle_text, refused_outcomes

NODES = st.sampled_from("abcdefg")


def test_a_dangling_parent_refuses_the_outcome_and_all_below_it():
    edges = [("leaf", "twig"), ("twig", "gone"), ("root", None), ("child", "root")]
    assert refused_outcomes(edges, set()) == {
        "twig": 'parent "gone" is not there',
        "leaf": 'its parent "twig" was refused',
    }


def test_a_cycle_refuses_its_members_and_all_below_them():
    edges = [("x", "a"), ("a", "b"), ("b", "a"), ("self", "self"), ("y", "x")]
    assert refused_outcomes(edges, set()) == {
        "a": "its ancestors form a cycle: a → b → a",
        "b": "its ancestors form a cycle: b → a → b",
        "self": "its ancestors form a cycle: self → self",
        "x": 'its parent "a" was refused',
        "y": 'its parent "x" was refused',
    }


def test_a_parent_that_stands_already_is_enough():
    assert refused_outcomes([("a", "old"), ("b", "a")], {"old"}) == {}
    # The new row of `old` is refused, but the one that stands stays.
    assert set(refused_outcomes([("a", "old"), ("old", "gone")], {"old"})) == {"old"}


@given(parents=st.dictionaries(NODES, st.none() | NODES), known=st.sets(NODES))
def test_an_outcome_stands_off_a_cycle_under_a_parent_that_stands(parents, known):
    refused = refused_outcomes(parents.items(), known)
    standing = parents.keys() - refused.keys()
    for node, parent in parents.items():
        above = [node]
        while (at := parents.get(above[-1])) is not None and at not in above:
            above.append(at)
        on_cycle = at == node
        assert (node in standing) == (
            not on_cycle and (parent is None or parent in known or parent in standing)
        )
        assert on_cycle == refused.get(node, "").startswith("its ancestors form a cycle: ")


@pytest.mark.parametrize("last", [None, "0", "gone"])
def test_a_tree_of_fifty_thousand_levels_is_walked_quickly(last):
    edges = [(str(n), str(n + 1)) for n in range(50_000)] + [("50000", last)]
    started = time.process_time()
    refused = refused_outcomes(edges, set())
    assert time.process_time() - started < 30  # in squared time it would be minutes
    assert len(refused) == (0 if last is None else 50_001)


def test_a_long_cycle_is_spelled_without_its_middle():
    refused = refused_outcomes([(str(n), str((n + 1) % 50)) for n in range(50)], set())
    assert refused["48"] == (
        "its ancestors form a cycle: 48 → 49 → 0 → 1 → 2 → 3 → (43 more) → 47 → 48"
    )
    assert cycle_text(["a", "b", "a"]) == "a → b → a"


def test_the_edge_that_closes_a_cycle_is_named_and_left_out():
    edges = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "c"), ("c", "b"), ("d", "d"), ("a", "b")]
    assert closing_edges(edges) == {2: ["c", "a", "b", "c"], 4: ["c", "b", "c"], 5: ["d", "d"]}


def reaches(edges, start, end):
    below = [start]
    seen = set()
    while below:
        node = below.pop()
        if node == end:
            return True
        if node not in seen:
            seen.add(node)
            below.extend(head for tail, head in edges if tail == node)
    return False


@given(st.lists(st.tuples(NODES, NODES), max_size=25))
def test_an_edge_closes_a_cycle_exactly_if_the_way_back_is_there_already(edges):
    closing = closing_edges(edges)
    kept = []
    for index, (tail, head) in enumerate(edges):
        assert (index in closing) == reaches(kept, head, tail)
        if index in closing:
            cycle = closing[index]
            assert cycle[:2] == [tail, head]
            assert cycle[-1] == tail
            assert set(pairwise(cycle)) <= {*kept, (tail, head)}
        else:
            kept.append((tail, head))


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, -1])
def test_a_chain_of_twenty_thousand_edges_with_a_closing_one_is_quick(order):
    chain = [(str(n), str(n + 1)) for n in range(20_000)][::order]
    started = time.process_time()
    assert closing_edges(chain) == {}
    assert list(closing_edges([*chain, ("20000", "0")])) == [20_000]
    assert len(closing_edges([("20000", "0"), *chain])) == 1
    assert time.process_time() - started < 30  # in squared time it would be minutes
