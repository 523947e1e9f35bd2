import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.alignment.selection import how_many
from tests.patience import PATIENCE


def f2(shown, true):
    hits = len(shown & true)
    return 5 * hits / (4 * len(true) + len(shown))


def subsets(size):
    return [
        frozenset(place for place, chosen in enumerate(bits) if chosen)
        for bits in product((False, True), repeat=size)
    ]


def expected_f2(confidences, fits):
    """Expected F2 of every set, by enumeration: independence, but for the chance of nothing."""
    size = len(confidences)
    chances = {
        true: np.prod([p if place in true else 1 - p for place, p in enumerate(confidences)])
        for true in subsets(size)
    }
    nothing = 1 - fits
    something = sum(chance for true, chance in chances.items() if true)
    values = {frozenset(): nothing}
    for shown in subsets(size):
        if shown and something > 0:
            mean = sum(chance * f2(shown, true) for true, chance in chances.items() if true)
            values[shown] = (1 - nothing) * mean / something
    return values


LISTS = st.lists(st.floats(0.002, 1), min_size=1, max_size=6).map(
    lambda values: sorted(values, reverse=True)
)


@settings(max_examples=60, deadline=None)
@given(LISTS, st.floats(0, 1))
def test_no_other_set_has_a_higher_expected_f2(confidences, fits):
    values = expected_f2(confidences, fits)
    shown = frozenset(range(how_many(np.array(confidences), fits)))
    assert values[shown] >= max(values.values()) - 1e-9


@pytest.mark.parametrize(
    "confidences",
    [
        [0.9, 0.85, 0.8, 0.3, 0.2, 0.1, 0.05, 0.01],
        [0.3] * 8,
        [0.2, 0.1, 0.05, 0.05, 0.02, 0.01, 0.01, 0.005],
        [1.0, 1.0, 0.4, 0.4, 0.4, 0.01, 0.01, 0.01],
        [0.67, 0.26, 0.16, 0.08],  # what another weight of recall would decide otherwise
        [0.62, 0.16, 0.12],
        [0.89, 0.81, 0.52, 0.19],
        [0.15] * 6,
    ],
)
@pytest.mark.parametrize("fits", [1.0, 0.6, 0.2])
def test_the_best_of_all_sets_of_eight_is_shown(confidences, fits):
    values = expected_f2(confidences, fits)
    shown = frozenset(range(how_many(np.array(confidences), fits)))
    assert values[shown] == pytest.approx(max(values.values()))


def test_nothing_is_shown_where_there_is_nothing_or_nothing_likely():
    assert how_many(np.array([]), 1.0) == 0
    assert how_many(np.zeros(5), 1.0) == 0
    assert how_many(np.full(20, 0.0005), 1.0) == 0


def test_nothing_is_shown_where_most_likely_nothing_fits():
    assert how_many(np.array([0.3, 0.1]), 0.1) == 0
    assert how_many(np.array([0.3, 0.1]), 0.99) > 0


def test_certain_outcomes_are_all_shown_and_no_unlikely_one_beside_them():
    assert how_many(np.array([1.0]), 1.0) == 1
    assert how_many(np.array([1.0] * 7 + [0.01] * 30), 1.0) == 7


@given(LISTS)
def test_what_is_impossible_changes_nothing(confidences):
    longer = [*confidences, 0.0, 0.0]
    assert how_many(np.array(longer), 0.9) == how_many(np.array(confidences), 0.9)


@given(st.lists(st.floats(0, 1), max_size=80))
def test_no_more_is_shown_than_there_is_and_what_is_certain_always_is(values):
    confidences = np.array(sorted(values, reverse=True))
    certain = min(50, int((confidences == 1).sum()))
    assert certain <= how_many(confidences, 1.0) <= len(confidences)


@given(st.lists(st.floats(0.3, 0.9), min_size=4, max_size=30))
def test_something_is_shown_where_something_must_fit(values):
    assert how_many(np.array(sorted(values, reverse=True)), 1.0) >= 1


def test_long_lists_are_decided_at_once():
    started = time.perf_counter()
    how_many(np.linspace(0.9, 0.01, 5000), 0.9)
    assert time.perf_counter() - started < PATIENCE  # all sizes would take longer
