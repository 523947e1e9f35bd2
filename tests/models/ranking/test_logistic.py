import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from skops.io import dumps

from models.ranking.logistic import read_logistic
from models.ranking.skops_file import read_skops

FEATURES = 4
NUMBERS = st.floats(-1e6, 1e6, width=32) | st.just(float("nan"))


@pytest.fixture(scope="module")
def both():
    """A model as scikit-learn has it, and as it is read; the last feature was never missing."""
    random = np.random.default_rng(0)
    features = random.normal(size=(500, FEATURES)).astype(np.float32) * [1, 5, 0.1, 1000]
    right = features[:, 0] + features[:, 1] > 0
    features[random.random(features.shape) < [0.1, 0.3, 0.5, 0]] = np.nan
    model = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True), StandardScaler(), LogisticRegression()
    ).fit(features.astype(np.float32), right)
    return model, read_logistic(read_skops(dumps(model)))


@given(rows=arrays(np.float32, (3, FEATURES), elements=NUMBERS))
def test_any_row_scores_as_with_scikit_learn(both, rows):
    np.testing.assert_array_equal(both[1].log_odds(rows), both[0].decision_function(rows))


@given(rows=arrays(np.float64, (3, FEATURES), elements=NUMBERS))
def test_so_does_one_of_double_precision(both, rows):
    np.testing.assert_allclose(
        both[1].log_odds(rows), both[0].decision_function(rows), rtol=1e-12, atol=1e-9
    )


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_what_is_infinite_is_refused_as_scikit_learn_does(both, value):
    row = np.array([[0, 0, value, 0]], np.float32)
    for score in (both[0].decision_function, both[1].log_odds):
        with pytest.raises(ValueError, match="infini"):
            score(row)


def test_the_rows_that_are_given_stay_as_they_are(both):
    rows = np.array([[1, np.nan, 2, 3]], np.float32)
    both[1].log_odds(rows)
    np.testing.assert_array_equal(rows, np.array([[1, np.nan, 2, 3]], np.float32))


def test_a_model_of_another_kind_is_refused():
    alone = LogisticRegression().fit([[0], [1]], [0, 1])
    for other in (alone, make_pipeline(StandardScaler(), LogisticRegression())):
        with pytest.raises(ValueError, match="no logistic model"):
            read_logistic(read_skops(dumps(other)))
