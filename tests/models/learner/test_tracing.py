import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learner.difficulty import Difficulties
from models.learner.evidence import Evidence
from models.learner.features import NAMES
from models.learner.tracing import Tracer, starting_tracer
from models.log_odds import probabilities

START = 1.7e9
FITTED = Tracer(
    kind="logistic",
    difficulties=Difficulties(typical=0.2, outcomes={"a": 1.0}, items={"i": -1.0}),
    intercept=0.1,
    weights={name: 0.05 * (place % 5 - 2) for place, name in enumerate(NAMES)},
    outcomes={"a": 0.3, "b": -0.2},
    items={"i": 0.4},
)
EVIDENCE = st.lists(
    st.builds(
        Evidence,
        time=st.floats(START, START + 1e7),
        item=st.sampled_from([None, "i", "j"]),
        outcomes=st.sampled_from([(), (("a", 1.0),), (("a", 0.8), ("b", 1.0))]),
        score=st.floats(0, 1),
        weight=st.sampled_from([0.3, 1.0]),
    ),
    min_size=1,
    max_size=8,
).map(lambda found: sorted(found, key=lambda one: one.time))


def about(outcome, score, time=START):
    return Evidence(time=time, outcomes=((outcome, 1.0),), score=score)


@settings(max_examples=30)
@given(EVIDENCE, st.data())
def test_an_answer_is_told_from_those_before_it_alone(evidence, data):
    cut = data.draw(st.integers(1, len(evidence)))
    told = FITTED.trace(evidence)
    assert len(told) == len(evidence)
    np.testing.assert_allclose(FITTED.trace(evidence[:cut]), told[:cut])


@settings(max_examples=30)
@given(EVIDENCE)
def test_the_estimate_of_an_outcome_is_what_a_new_item_of_it_is_told_with(evidence):
    now = START + 2e7
    asked = [about(name, 1.0, now) for name in ("a", "b", "never met")]
    told = [FITTED.trace([*evidence, one])[-1] for one in asked]
    history = FITTED.history(evidence)
    estimates = FITTED.log_odds(history, ["a", "b", "never met"], now)
    np.testing.assert_allclose(estimates, told)


def test_of_a_newcomer_everything_is_as_likely_and_a_little_more_likely_not():
    tracer = starting_tracer()
    told = probabilities(tracer.log_odds(tracer.history([]), ["a", "b"], START))
    assert told[0] == told[1]
    assert 0.3 < told[0] < 0.5


@pytest.mark.parametrize("tracer", [starting_tracer(), FITTED])
def test_nothing_answered_is_traced_as_nothing(tracer):
    assert tracer.trace([]).shape == (0,)


def test_a_new_platform_learns_from_the_first_answers():
    tracer = starting_tracer()

    def told(*scores):
        history = tracer.history([about("a", score) for score in scores])
        return tracer.log_odds(history, ["a", "other"], START)

    right, none, wrong = told(1.0), told(), told(0.0)
    assert right[0] > right[1] > none[0] > wrong[1] > wrong[0]
    assert told(1.0, 1.0, 1.0)[0] > told(1.0)[0]
    assert probabilities(told(*[1.0] * 6))[0] > 0.75


def test_probabilities_stay_inside_and_do_not_overflow():
    told = probabilities(np.array([-1e9, 0.0, 1e9]))
    assert told[1] == 0.5
    assert 0 < told[0] < 1e-9
    assert 1 - 1e-9 < told[2] <= 1
