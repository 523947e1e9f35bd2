import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.fusion import fused, standardised

SCORES = arrays(np.float32, st.integers(2, 30), elements=st.floats(-1, 1, width=32))


def test_scores_are_in_deviations_above_the_ordinary():
    ordinary = np.array([1, 3], dtype=np.float32)
    assert standardised(np.array([2, 3, 5], dtype=np.float32), ordinary).tolist() == [0, 1, 3]


@pytest.mark.parametrize("ordinary", [[], [0.5], [0.5, 0.5, 0.5]])
def test_where_all_ordinary_scores_agree_none_stands_out(ordinary):
    scores = np.array([0.5, 0.9], dtype=np.float32)
    assert standardised(scores, np.array(ordinary, dtype=np.float32)).tolist() == [0, 0]


@given(SCORES, st.floats(0.1, 10), st.floats(-5, 5))
def test_neither_scale_nor_origin_of_a_list_matters(scores, scale, origin):
    moved = (scores * scale + origin).astype(np.float32)
    if scores.std() > 1e-2:
        assert np.allclose(standardised(moved, moved), standardised(scores, scores), atol=1e-2)


@given(SCORES)
def test_standardising_keeps_the_order(scores):
    before, after = np.argsort(scores, kind="stable"), standardised(scores, scores)
    assert (np.diff(after[before]) >= 0).all()


def test_the_weight_says_how_much_words_count():
    meaning, words = np.array([1.0, 0.0], np.float32), np.array([0.0, 2.0], np.float32)
    assert fused(meaning, words, 0).tolist() == [1, 0]
    assert fused(meaning, words, 1).tolist() == [0, 2]
    assert fused(meaning, words, 0.25).tolist() == [0.75, 0.5]
