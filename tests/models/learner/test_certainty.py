import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learner.certainty import AHEAD, INSIDE, TRIED, fit_certainty, interval
from models.learner.evidence import Evidence


def answered(*scores, outcome="a"):
    return [Evidence(time=1.0, outcomes=((outcome, 1.0),), score=score) for score in scores]


@settings(max_examples=50)
@given(st.floats(0, 1), st.floats(0, 500), st.sampled_from(TRIED))
def test_bounds_hold_the_estimate_and_are_probabilities(mastery, answers, worth):
    (low,), (high,) = interval(np.array([mastery]), np.array([answers]), worth)
    assert 0 <= low <= mastery <= high <= 1


def test_bounds_narrow_with_every_answer():
    answers = np.array([0.0, 1.0, 3.0, 10.0, 50.0])
    low, high = interval(np.full(5, 0.7), answers, worth=4.0)
    widths = high - low
    assert (np.diff(widths) < 0).all()
    assert widths[0] > 2 * widths[-1]


def test_bounds_hold_as_many_truths_as_they_promise():
    draw = np.random.default_rng(1)
    mean, worth, answers = 0.6, 4.0, 6
    truth = draw.beta(worth * mean, worth * (1 - mean), size=4000)
    told = (draw.binomial(answers, truth) + worth * mean) / (answers + worth)
    low, high = interval(told, np.full(len(told), float(answers)), worth)
    assert np.mean((low <= truth) & (truth <= high)) == pytest.approx(INSIDE, abs=0.04)


def test_a_mean_says_more_of_learners_who_are_alike():
    draw = np.random.default_rng(2)
    alike = [answered(*draw.integers(0, 2, AHEAD).astype(float)) for _ in range(60)]
    apart = [answered(*[float(number % 2)] * AHEAD) for number in range(60)]
    assert fit_certainty(apart) == TRIED[0]
    assert fit_certainty(alike) == TRIED[-1]


def test_without_answers_something_in_between_is_taken():
    assert fit_certainty([]) == fit_certainty([answered(1.0)]) == 4.0
