import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learner.observer.beginning import AHEAD, BELOW, OWN, Beginnings

GRADES = ["a:Grade 1", "b:Grade 2", "c:Grade 3"]


def test_what_is_usual_depends_on_the_level(school):
    found = Beginnings(school(GRADES).curriculum, 1.0)
    assert found.ready.tolist() == [BELOW.ready, OWN.ready, AHEAD.ready]
    assert found.unready.tolist() == [BELOW.unready, OWN.unready, AHEAD.unready]


def test_what_builds_on_something_is_less_likely_known_until_that_is(school):
    found = Beginnings(school("abc", "b<a").curriculum, None)
    nothing, a = found.told(np.zeros(3)), found.told(np.array([5.0, 0.0, 0.0]))
    assert nothing.by_all[1] < nothing.by_all[2]
    assert nothing.by_all[1] < a.by_all[1] < a.by_all[0]
    assert a.by_others == pytest.approx(a.by_all - [a.by_all[0] - nothing.by_all[0], 0, 0])


def test_whoever_shows_what_they_know_of_a_level_is_believed_to_know_the_rest(school):
    found = Beginnings(school(["a:Grade 1", "b:Grade 1", "c:Grade 2"]).curriculum, 1.0)
    able, not_able = (found.told(np.array([said, 0.0, 0.0])) for said in (6.0, -6.0))
    found.learn([0], able)
    assert found.ready[1] > BELOW.ready
    found.learn([0], not_able)
    assert found.ready[1] < BELOW.ready
    assert found.ready[2] == OWN.ready
    assert (found.unready <= found.ready).all()


def test_a_circle_of_messages_ends(school):
    found = Beginnings(school("abcd", "b<a c<a d<b d<c").curriculum, None)
    told = found.told(np.array([-8.0, 8.0, -8.0, 8.0]))
    for each in (told.by_all, told.by_others, told.ready):
        assert ((each >= 0) & (each <= 1)).all()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8),
    st.lists(st.floats(-8, 8), min_size=5, max_size=5),
    st.integers(0, 4),
    st.floats(0, 8),
)
def test_what_speaks_for_an_outcome_speaks_against_none(school, graph, evidence, row, more):
    edges = " ".join(f"{'abcde'[x]}<{'abcde'[y]}" for x, y in graph)
    found = Beginnings(school("abcde", edges).curriculum, None)
    before = found.told(np.array(evidence))
    after = found.told(np.array(evidence) + more * np.eye(5)[row])
    assert (after.by_all >= before.by_all - 1e-9).all()
    assert (after.by_others >= before.by_others - 1e-9).all()
    assert (after.ready >= before.ready - 1e-9).all()
