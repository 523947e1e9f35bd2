"""What is believed of learners whose way of learning is known to the test alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learner.observer.knowing import DAY, Knowing
from models.learner.observer.observing import CAN, observe

NOW = 1.788e9


def knowing(scores, gap=60.0):
    one = Knowing()
    for place, score in enumerate(scores):
        one.answer(score, 1.0, NOW + gap * place, 1.0)
    return one


@pytest.fixture(scope="module")
def row(school):
    return school("abcd").curriculum


def observed(curriculum, answers, level=None, now=NOW + DAY):
    known = {name: knowing(scores) for name, scores in answers.items()}
    return observe(known, curriculum, now, level)


def test_success_is_foretold_by_what_was_answered(row):
    found = observed(row, {"a": [1, 1, 1], "b": [0, 0, 0]})
    assert found.success[0] > CAN > 0.5 > found.success[1]
    assert found.practice[0] < found.practice[1], "what is known has little to bring"


def test_one_way_of_learning_is_told_by_all_outcomes_of_a_learner(row):
    leaps = {name: [0] * 12 + [1] * 6 for name in "abc"}
    climbs = {name: [0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1] for name in "abc"}
    after = [1, 0, 1, 0]
    sudden, slow = (observed(row, {**each, "d": after}) for each in (leaps, climbs))
    assert sudden.success[3] < slow.success[3], "who leaps guessed, who climbs has climbed"


def test_who_does_not_get_on_is_expected_to_gain_less(row):
    gains = [observed(row, {"a": [0] * count}).practice[0] for count in (4, 20, 60)]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] < gains[0] / 2


def test_practice_teaches_less_than_explanation_where_nothing_is_known(row):
    found = observed(row, {"a": [0, 0, 0, 0]})
    assert found.explanation[0] > found.practice[0] > 0


@settings(max_examples=40)
@given(
    st.dictionaries(st.sampled_from("abcd"), st.lists(st.sampled_from([0, 0.5, 1]), max_size=30)),
    st.sampled_from([None, 0.0, 2.0]),
    st.floats(0, 900 * DAY),
)
def test_beliefs_are_probabilities_and_gains_are_no_losses(row, answers, level, later):
    found = observed(row, answers, level, NOW + later)
    for each in (found.success, found.remembered):
        assert ((each > 0) & (each < 1)).all()
    assert (found.remembered >= found.success - 1e-12).all()
    assert np.isfinite(found.practice).all()
    assert (found.practice >= 0).all()
    assert (found.explanation >= 0).all()


def test_what_does_not_belong_to_the_curriculum_is_passed_over(row):
    assert observed(row, {"elsewhere": [1, 1]}).success == pytest.approx(observed(row, {}).success)
