import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learner.difficulty import Difficulties
from models.learner.evidence import Evidence
from models.learner.features import HOUR, NAMES, WIDTH, facts, features, kept, typical_facts
from models.learner.history import History

DIFFICULTIES = Difficulties(typical=-0.4, outcomes={"a": 1.0, "b": -1.0}, items={"i": 2.0})
HISTORIES = st.lists(
    st.builds(
        Evidence,
        time=st.floats(0, 1e6),
        item=st.sampled_from([None, "i", "j"]),
        outcomes=st.sampled_from([(), (("a", 1.0),), (("b", 0.8), ("c", 1.0))]),
        score=st.floats(0, 1),
        weight=st.sampled_from([0.3, 1.0]),
    ),
    max_size=12,
)


def history_of(*answers):
    history = History()
    for one in answers:
        history.observe(one, DIFFICULTIES)
    return history


def named(found):
    return dict(zip(NAMES, features(np.atleast_2d(found))[0].tolist(), strict=True))


@settings(max_examples=40)
@given(HISTORIES)
def test_an_outcome_is_told_of_alike_when_fitting_and_when_estimating(answers):
    history, names, now = history_of(*answers), ["a", "b", "c", "d"], 2e6
    at_once = typical_facts(history, DIFFICULTIES, names, now)
    one_by_one = [facts(history, DIFFICULTIES, None, ((name, 1.0),), now) for name in names]
    np.testing.assert_array_equal(at_once, one_by_one)


@settings(max_examples=40)
@given(HISTORIES, st.sampled_from([None, 0.0, 2e6]))
def test_features_are_finite_whatever_was_done(answers, now):
    history = history_of(*answers)
    outcomes = (("a", 1.0), ("b", 0.7))
    row = facts(history, DIFFICULTIES, "i", outcomes, now)
    assert len(row) == WIDTH
    found = features(np.array([row]))
    assert found.shape == (1, len(NAMES))
    assert np.isfinite(found).all()


def test_several_outcomes_are_told_of_as_their_mean():
    history = history_of(
        Evidence(time=1.0, outcomes=(("a", 1.0),), score=1.0),
        Evidence(time=2.0, outcomes=(("b", 1.0),), score=0.0),
    )
    both = named(facts(history, DIFFICULTIES, None, (("a", 1.0), ("b", 1.0)), None))
    assert both["outcome rate"] == pytest.approx(0.0)
    assert both["outcome successes"] == pytest.approx(np.log1p(0.5))
    assert both["outcome easiness"] == pytest.approx(0.0)


def test_where_times_are_an_order_only_nothing_is_made_of_them():
    history = history_of(Evidence(time=1.0, outcomes=(("a", 1.0),), score=1.0))
    untimed = named(facts(history, DIFFICULTIES, None, (("a", 1.0),), None))
    timed = named(facts(history, DIFFICULTIES, None, (("a", 1.0),), 1.0 + 1000 * HOUR))
    assert untimed["outcome hours"] == 0.0
    assert untimed["outcome ability kept"] == untimed["outcome ability"] > 0
    assert timed["outcome hours"] > 0
    assert 0 < timed["outcome ability kept"] < timed["outcome ability"]


def test_what_was_gained_fades_and_what_was_lacking_stays():
    hours = np.array([0.0, 24.0, 24.0 * 30, 24.0 * 365])
    fading = kept(np.ones(4), hours).tolist()
    assert fading[0] == 1.0
    assert fading == sorted(fading, reverse=True)
    assert fading[-1] > 0.1, "what was learned is never gone in a year"
    assert (kept(-np.ones(4), hours) == -1.0).all()


def test_the_fading_of_what_is_asked_is_that_of_what_was_gained():
    history = history_of(Evidence(time=0.0, outcomes=(("a", 1.0),), score=1.0))
    now = 500 * HOUR
    told = named(facts(history, DIFFICULTIES, None, (("a", 1.0),), now))
    (left,) = kept(np.array([told["outcome ability"]]), np.array([500.0]))
    assert told["outcome ability kept"] == pytest.approx(left)
