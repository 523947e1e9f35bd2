from itertools import pairwise

import numpy as np
import pytest

from models.learner.observer.knowing import DAY, Knowing, lacking
from models.learner.observer.ways import IS_AT_ONCE, STATE, WAS_KNOWN

NOW = 1.788e9


def practised(*scores, gap=60.0):
    one = Knowing()
    for place, score in enumerate(scores):
        one.answer(score, 1.0, NOW + gap * place, 1.0)
    return one


def test_right_answers_fit_what_was_known_and_wrong_ones_what_was_not():
    right, wrong = practised(1, 1, 1), practised(0, 0, 0)
    assert right.fit[WAS_KNOWN].min() > right.fit[~WAS_KNOWN].max()
    assert wrong.fit[WAS_KNOWN].max() < wrong.fit[~WAS_KNOWN].min()
    assert right.answers == wrong.answers == 3


def test_a_further_explanation_teaches_half_of_the_first_at_most():
    one = Knowing()
    states = [one.state]
    for place in range(3):
        one.explain(6.0, NOW + place)
        states.append(one.state)
    first, second, third = (after - before for before, after in pairwise(states))
    gradual = ~IS_AT_ONCE
    assert second[gradual] == pytest.approx(first[gradual] / 2)
    assert third[gradual] == pytest.approx(second[gradual])
    assert one.answers == 0
    assert not one.fit.any(), "an explanation says nothing of what is known"


def test_what_is_learned_fades_the_slower_the_more_days_it_was_practised_on():
    crammed, spaced = practised(*[1] * 6), practised(*[1] * 6, gap=DAY)
    for one in (crammed, spaced):
        month = one.at(one.time + 30 * DAY)
        assert (month <= one.state).all()
        assert (one.at(one.time + 300 * DAY) <= month).all()
        assert np.array_equal(one.at(None), one.state)
        assert np.array_equal(one.at(one.time - 5), one.state)
    assert (spaced.days > crammed.days).all()


def test_what_is_to_last_lacks_more():
    days = Knowing().days
    now, month = (lacking(STATE, days, 0.75, lasts) for lasts in (0.0, 30.0))
    assert (month > now).all()
    assert now == pytest.approx(np.log(3) - STATE)
