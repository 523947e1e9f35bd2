import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.ranking.fusion import MOST_WORDS, fused, meaning_score, words_score

SCORES = arrays(np.float32, st.integers(2, 30), elements=st.floats(-1, 1, width=32))


def floats(*values):
    return np.array(values, dtype=np.float32)


def test_meaning_is_in_robust_deviations_above_the_median():
    ordinary = floats(0, 1, 2, 3, 100)
    assert meaning_score(floats(2, 3.4826), ordinary) == pytest.approx([0, 1], abs=1e-4)


@pytest.mark.parametrize("ordinary", [[], [0.5], [0.5, 0.5, 0.5]])
def test_where_all_ordinary_scores_agree_none_stands_out(ordinary):
    assert meaning_score(floats(0.5, 0.9), floats(*ordinary)).tolist() == [0, 0]
    assert words_score(floats(0.5, 0.9), floats(*ordinary), best=0.0).tolist() == [0, 0]


def test_what_hardly_deviates_is_told_in_the_least_deviation():
    ordinary = floats(0.500, 0.501, 0.502)
    assert meaning_score(floats(0.6), ordinary)[0] > 50
    assert meaning_score(floats(0.601), ordinary, 0.05) == pytest.approx([2], abs=1e-3)


@given(SCORES)
def test_scoring_keeps_the_order(scores):
    order = np.argsort(scores, kind="stable")
    assert (np.diff(meaning_score(scores, scores)[order]) >= 0).all()
    assert (np.diff(words_score(scores, scores, float(scores.max()))[order]) >= 0).all()


def test_a_fitting_outcome_does_not_hide_itself_in_a_small_framework():
    ordinary = floats(0.1, 0.12, 0.14, 0.16, 0.9)
    assert meaning_score(floats(0.9), ordinary)[0] > 10


def test_words_are_in_deviations_above_the_mean_and_bounded():
    ordinary = floats(1, 3)
    assert words_score(floats(2, 3, 500), ordinary, best=3).tolist() == [0, 1, MOST_WORDS]


def test_a_chance_match_counts_for_little_beside_a_better_one_elsewhere():
    ordinary = floats(*[0] * 99, 1)
    alone, beside = (words_score(floats(1), ordinary, best)[0] for best in (1, 40))
    assert beside < 0.5
    assert alone > 5


def test_the_weight_says_how_much_words_count():
    meaning, words = floats(1, 0), floats(0, 2)
    assert fused(meaning, words, 0).tolist() == [1, 0]
    assert fused(meaning, words, 1).tolist() == [0, 2]
    assert fused(meaning, words, 0.25).tolist() == [0.75, 0.5]
