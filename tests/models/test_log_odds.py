import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from models.log_odds import expit, logit


@given(st.floats(allow_nan=False))
def test_probabilities_are_scipys(odds):
    np.testing.assert_allclose(expit(odds), special.expit(odds), rtol=1e-14, atol=1e-300)


@given(st.floats(min_value=1e-12, max_value=1 - 1e-12))
def test_log_odds_are_scipys(probability):
    np.testing.assert_allclose(
        logit(probability), special.logit(probability), rtol=1e-9, atol=1e-15
    )


@given(st.floats(-30, 30))
def test_there_and_back_is_the_same(odds):
    np.testing.assert_allclose(logit(expit(odds)), odds, rtol=1e-3, atol=1e-9)


def test_arrays_keep_their_shape():
    assert expit(np.zeros((2, 3))).tolist() == [[0.5] * 3] * 2
    assert logit([0.5, 0.5]).tolist() == [0.0, 0.0]
