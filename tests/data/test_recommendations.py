"""What learners were shown is kept as it was given."""

import pytest

from data.errors import ConflictError, GatewaysError
from data.records import Recommendation, ShownResource

SHOWN = (
    ShownResource(
        resource="r1", outcome="b", purpose="next", position=1, score=0.5, propensity=0.875
    ),
    ShownResource(
        resource="r2", outcome="a", purpose="explore", position=2, score=0.25, propensity=0.01
    ),
)


def given_(id_="x", learner="m", at=1.0, **more):
    values = {
        "policy": "1",
        "asked": {"k": 2, "goal": None, "level": ["Año 2"]},
        "shown": SHOWN,
        "candidates": (("r1", 0.5), ("r2", 0.25)),
    }
    return Recommendation(id=id_, learner=learner, time=at, **(values | more))


def test_a_recommendation_is_read_as_it_was_given(small):
    small.recommendations.record(given_())
    small.recommendations.record(given_("nothing", at=2.0, shown=(), candidates=(), asked={}))
    assert small.recommendations.of_learner("m") == [
        given_(),
        given_("nothing", at=2.0, shown=(), candidates=(), asked={}),
    ]
    assert small.recommendations.of_learner("l") == []


def test_the_same_id_again_changes_nothing(small):
    small.recommendations.record(given_())
    small.recommendations.record(given_(learner="another", policy="2"))
    assert list(small.recommendations.live()) == [given_()]


def test_all_are_streamed_earliest_first(small):
    for id_, learner, at in (("a", "m", 3.0), ("b", "l", 1.0), ("d", "m", 2.0), ("c", "l", 2.0)):
        small.recommendations.record(given_(id_, learner, at))
    assert [one.id for one in small.recommendations.live()] == ["b", "c", "d", "a"]
    assert [one.id for one in small.recommendations.of_learner("m")] == ["d", "a"]


def test_it_names_no_one(small):
    with pytest.raises(GatewaysError, match="looks like a name"):
        small.recommendations.record(given_(learner="ana@school.example"))
    assert list(small.recommendations.live()) == []


def test_an_answer_that_an_erasure_overtook_is_not_kept(small):
    small.learners.erase("m", "admin", 5.0)
    with pytest.raises(ConflictError, match="erased on"):
        small.recommendations.record(given_(at=4.9))
    small.recommendations.record(given_(at=5.1))
    assert [one.time for one in small.recommendations.live()] == [5.1]
