import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.ensemble import HistGradientBoostingClassifier
from skops.io import dumps

from models.ranking.boosted_trees import MOST_LEAVES, BoostedTrees, read_trees
from models.ranking.skops_file import read_skops

FEATURES = 4


def made_up(rows, seed=0, *, infinite=False):
    """Rows of which some values are missing, maybe `infinite`, and whether each is right."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, FEATURES)).astype(np.float32)
    right = features[:, 0] - features[:, 1] * features[:, 2] + random.normal(size=rows) > 0
    for value in (np.nan, np.inf, -np.inf) if infinite else (np.nan,):
        features[random.random(features.shape) < 0.1] = value
    return features, right


def fitted(leaves, **options):
    return HistGradientBoostingClassifier(
        max_iter=30, max_leaf_nodes=leaves, min_samples_leaf=5, random_state=0, **options
    ).fit(*made_up(2000))


@pytest.fixture(scope="module", params=[2, 10, 31, MOST_LEAVES])
def both(request):
    """Trees of so many leaves as scikit-learn has them, and as they are read."""
    trees = fitted(request.param)
    return trees, read_trees(read_skops(dumps(trees)))


def test_made_up_rows_score_as_with_scikit_learn(both):
    features, _ = made_up(500, seed=1, infinite=True)
    np.testing.assert_allclose(
        both[1].log_odds(features), both[0].decision_function(features), atol=1e-12, rtol=0
    )


@given(rows=arrays(np.float32, (3, FEATURES), elements=st.floats(width=32)))
def test_any_row_scores_as_with_scikit_learn(both, rows):
    np.testing.assert_allclose(
        both[1].log_odds(rows), both[0].decision_function(rows), atol=1e-12, rtol=0
    )


def test_what_is_just_a_threshold_scores_as_with_scikit_learn(both):
    nodes = np.concatenate([tree.nodes for (tree,) in both[0]._predictors])
    thresholds = nodes["num_threshold"][nodes["is_leaf"] == 0]
    rows = np.repeat(np.unique(thresholds)[:, None], FEATURES, axis=1)
    for each in (rows, np.nextafter(rows, np.inf), np.nextafter(rows, -np.inf)):
        np.testing.assert_allclose(
            both[1].log_odds(each), both[0].decision_function(each), atol=1e-12, rtol=0
        )


def test_no_rows_have_no_scores(both):
    assert both[1].log_odds(np.empty((0, FEATURES), np.float32)).shape == (0,)


def test_without_trees_all_have_the_baseline():
    assert BoostedTrees([], 0.5).log_odds(np.zeros((2, FEATURES))).tolist() == [0.5, 0.5]


def test_trees_that_cannot_be_evaluated_are_refused():
    large = fitted(MOST_LEAVES + 40)
    assert max(tree.nodes["is_leaf"].sum() for (tree,) in large._predictors) > MOST_LEAVES
    with pytest.raises(ValueError, match=f"{MOST_LEAVES} are the most"):
        read_trees(read_skops(dumps(large)))
    features, right = np.arange(40)[:, None] % 4, np.arange(40) % 4 == 1
    kinds = HistGradientBoostingClassifier(categorical_features=[0], min_samples_leaf=2)
    with pytest.raises(ValueError, match="by categories"):
        read_trees(read_skops(dumps(kinds.fit(features, right))))
    with pytest.raises(ValueError, match="no boosted trees"):
        read_trees(read_skops(dumps({"trees": 1})))
