"""Lists with known answers → a ranker, and scores of lists that it did not learn from."""

from collections.abc import Sequence
from typing import Any
from zipfile import ZIP_DEFLATED

import numpy as np
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.ranking.features import NAMES, Values
from models.ranking.one_thread import one_thread
from models.ranking.ranker import Ranker
from training.second_stage.lists import FOLDS, Asked

# Of a list what fusion puts first is learned from, and one in so many of the rest.
FIRST = 40
REST = 8
# What a curator looked at and rejected says more than what nobody chose: it counts so many times.
# Rows are repeated, since weights make scikit-learn's binning many times slower.
REJECTED = 3
# More of what other features being equal can only speak for an outcome.
RISING = (
    "meaning",
    "words",
    "both: score",
    "neighbours: meaning",
    "neighbours: guessed by the nearest",
    "neighbours: guessed",
    "accepted: share",
    "title: words of the resource's",
    "title: words of the outcome's",
    "subject: agrees",
    "level: agrees",
)


def fit_ranker(lists: Sequence[Asked], seed: int = 0) -> Ranker:
    """Fit on lists in which something is right."""
    generator = np.random.default_rng(seed)
    features, right = [], []
    for found in lists:
        if found.fits:
            kept = found.right | found.rejected | (np.arange(len(found.right)) < FIRST)
            kept |= generator.random(len(kept)) < 1 / REST
            rows = np.repeat(np.flatnonzero(kept), np.where(found.rejected[kept], REJECTED, 1))
            features.append(found.features[rows])
            right.append(found.right[rows])
    seen, truths = np.concatenate(features), np.concatenate(right)
    # What is missing everywhere cannot be put into bins; as a constant nothing is learned from it.
    seen = np.where(np.isnan(seen).all(axis=0), 0, seen)
    with one_thread():
        return Ranker(packed(_linear().fit(seen, truths), _trees(seed).fit(seen, truths)))


def cross_fitted(lists: Sequence[Asked], seed: int = 0) -> list[Values]:
    """Scores of each list by a ranker that learned from the lists of other outcomes."""
    scores: list[Values] = [np.empty(0, dtype=np.float32)] * len(lists)
    for fold in range(FOLDS):
        others = [found for found in lists if found.fold != fold]
        ranker = fit_ranker(others, seed)
        for place, found in enumerate(lists):
            if found.fold == fold:
                scores[place] = ranker.scores(found.features)
    return scores


def packed(linear: Any, trees: Any) -> bytes:
    """Two fitted scikit-learn classifiers over NAMES, as bytes that run nothing when loaded."""
    said = {"features": list(NAMES), "linear": linear, "trees": trees}
    found: bytes = skops.io.dumps(said, compression=ZIP_DEFLATED, compresslevel=9)
    return found


def _linear() -> Any:
    return make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True),
        StandardScaler(),
        LogisticRegression(C=0.03, max_iter=500),
    )


def _trees(seed: int) -> Any:
    return HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=200,
        max_leaf_nodes=16,
        min_samples_leaf=200,
        l2_regularization=10.0,
        monotonic_cst=[int(name in RISING) for name in NAMES],
        random_state=seed,
        early_stopping=False,
    )
