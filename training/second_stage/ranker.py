"""Lists with known answers → a ranker, and scores of lists that it did not learn from."""

from collections.abc import Collection, Mapping, Sequence
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
from models.ranking.ranker import Ranker, Subject
from training.second_stage.lists import FOLDS, Asked, Truths

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


# How many trees, and of how many leaves.
AT_HOME = {"max_iter": 200, "max_leaf_nodes": 16}
# Where nothing was learned of the subject each feature is judged by itself, in fewer steps, and
# what neighbours are guessed to be for, which misleads there, is none of them.
ELSEWHERE = {"max_iter": 100, "max_leaf_nodes": 8, "interaction_cst": "no_interactions"}
TRUSTED_ELSEWHERE = tuple(name for name in NAMES if not name.startswith("neighbours: guessed"))

Fitted = Mapping[str, Any]


def fit_ranker(
    lists: Sequence[Asked], learned_from: Collection[Subject] = (), seed: int = 0
) -> Ranker:
    """Fit on lists in which something is right, of subjects that all was `learned_from`."""
    seen, truths = _rows(lists, seed)
    at_home = _fitted(seen, truths, NAMES, AT_HOME, seed)
    elsewhere = _fitted(seen, truths, TRUSTED_ELSEWHERE, ELSEWHERE, seed)
    return Ranker(packed(at_home, elsewhere, learned_from))


def _rows(lists: Sequence[Asked], seed: int) -> tuple[Values, Truths]:
    """What is learned from: features [n, len(NAMES)] of candidates, and which are right [n]."""
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
    return np.where(np.isnan(seen).all(axis=0), 0, seen), truths


def _fitted(
    seen: Values, truths: Truths, names: Sequence[str], trees: Mapping[str, Any], seed: int
) -> Fitted:
    """A linear model and trees over some features of rows [n, len(NAMES)]."""
    known = seen[:, [NAMES.index(name) for name in names]]
    with one_thread():
        return {
            "features": list(names),
            "linear": _linear().fit(known, truths),
            "trees": _trees(names, seed, **trees).fit(known, truths),
        }


def cross_fitted(lists: Sequence[Asked], seed: int = 0) -> list[Values]:
    """Scores of each list, at home, by a ranker that learned from the lists of other outcomes."""
    scores: list[Values] = [np.empty(0, dtype=np.float32)] * len(lists)
    for fold in range(FOLDS):
        others = [found for found in lists if found.fold != fold]
        # The judge elsewhere would be fitted for nothing.
        ranker = Ranker(packed(_fitted(*_rows(others, seed), NAMES, AT_HOME, seed)))
        for place, found in enumerate(lists):
            if found.fold == fold:
                scores[place] = ranker.at_home.scores(found.features)
    return scores


def packed(
    at_home: Fitted, elsewhere: Fitted | None = None, learned_from: Collection[Subject] = ()
) -> bytes:
    """Fitted scikit-learn classifiers as bytes that run nothing when they are loaded.

    Each judge has its `features`, a `linear` model and `trees`.
    """
    said = dict(at_home)
    if elsewhere is not None:
        pairs = sorted(learned_from, key=lambda pair: (pair[0], pair[1] or ""))
        said |= {"elsewhere": dict(elsewhere), "learned_from": [list(pair) for pair in pairs]}
    found: bytes = skops.io.dumps(said, compression=ZIP_DEFLATED, compresslevel=9)
    return found


def _linear() -> Any:
    return make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True),
        StandardScaler(),
        LogisticRegression(C=0.03, max_iter=500),
    )


def _trees(names: Sequence[str], seed: int, **shape: Any) -> Any:
    return HistGradientBoostingClassifier(
        **shape,
        learning_rate=0.06,
        min_samples_leaf=200,
        l2_regularization=10.0,
        monotonic_cst=[int(name in RISING) for name in names],
        random_state=seed,
        early_stopping=False,
    )
