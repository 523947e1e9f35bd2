import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data.errors import GatewaysError
from data.records import Outcome
from models.bundles.bundle import read_bundle
from models.bundles.named import BUNDLES, SHIPPED
from models.ranking.features import GROUPS, NAMES
from models.ranking.ranker import Ranker, read_ranker
from training.second_stage.ranker import RISING, packed

ROOT = Path(__file__).parents[3]
# Of what a ranker's file holds skops itself trusts not all.
TRUSTED = [
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
]


@pytest.fixture(scope="module")
def features(made_up_lists):
    return made_up_lists[0].features


def small():
    """What a ranker's judge is fitted to be, of one feature."""
    known = np.linspace(0, 1, 40, dtype=np.float32)[:, None]
    right = known[:, 0] > 0.5
    linear = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True), StandardScaler(), LogisticRegression()
    )
    trees = HistGradientBoostingClassifier(max_iter=2)
    return {
        "features": [NAMES[0]],
        "linear": linear.fit(known, right),
        "trees": trees.fit(known, right),
    }


SMALL = small()


class Stowaway:
    """What a file might bring that is no model."""

    def __init__(self):
        self.cargo = 1


def dumped(**changes):
    said = {"features": list(NAMES), "linear": 1, "trees": 2} | changes
    return skops.io.dumps({key: value for key, value in said.items() if value is not None})


def test_what_is_packed_scores_the_same_when_it_is_loaded(ranker, features, tmp_path):
    path = tmp_path / "ranker.skops"
    path.write_bytes(ranker.packed)
    loaded = read_ranker(path)
    np.testing.assert_array_equal(loaded.at_home.scores(features), ranker.at_home.scores(features))
    assert loaded.fingerprint == ranker.fingerprint
    assert loaded.packed == ranker.packed


def test_scores_are_the_mean_of_both_models_log_odds(ranker, features):
    said = skops.io.loads(ranker.packed, trusted=TRUSTED)
    both = [said[name].decision_function(features) for name in ("linear", "trees")]
    np.testing.assert_array_equal(
        ranker.at_home.scores(features), (sum(both) / 2).astype(np.float32)
    )


@pytest.mark.parametrize("name", BUNDLES)
def test_a_ranker_that_ships_scores_as_scikit_learn_does(name, features):
    shipped = read_bundle(SHIPPED / name).ranker
    said = skops.io.loads(shipped.read_bytes(), trusted=TRUSTED)
    rows = np.where(np.random.default_rng(0).random(features.shape) < 0.2, np.nan, features)
    rows = rows.astype(np.float32)
    known = np.take(rows, [NAMES.index(feature) for feature in said["features"]], axis=1)
    both = [said[part].decision_function(known) for part in ("linear", "trees")]
    scores = read_ranker(shipped).at_home.scores(rows)
    np.testing.assert_array_equal(scores, (sum(both) / 2).astype(np.float32))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 cut", "damaged"),
        (dumped(trees=Stowaway()), "holds what is no ranker"),
        (dumped(features=None), "damaged"),
        (dumped(linear=None), "damaged"),
        (skops.io.dumps([1, 2]), "damaged"),
        (dumped(features=["odour"]), "other features"),
        (dumped(features=[*NAMES, "odour"]), "other features"),
        (packed(SMALL, SMALL | {"features": ["odour"]}), "other features"),
        (packed(SMALL, SMALL | {"trees": 1}), "holds what is no ranker"),
        (dumped(**SMALL, elsewhere=1), "damaged"),
        (dumped(**SMALL, learned_from=[["f"]]), "damaged"),
    ],
)
def test_a_file_that_is_no_ranker_of_ours_is_refused(tmp_path, content, said):
    path = tmp_path / "ranker.skops"
    path.write_bytes(content)
    with pytest.raises(GatewaysError, match=rf"ranker\.skops: no ranker .*{said}"):
        read_ranker(path)


def test_one_that_learned_from_fewer_features_judges_by_those(features):
    columns = [5, 0, 3]
    known = np.nan_to_num(features[:, columns])
    right = known[:, 0] > np.median(known[:, 0])
    linear = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True), StandardScaler(), LogisticRegression()
    ).fit(known, right)
    trees = HistGradientBoostingClassifier(max_iter=2).fit(known, right)
    older = Ranker(
        skops.io.dumps({"features": [NAMES[c] for c in columns], "linear": linear, "trees": trees})
    )
    both = linear.decision_function(known) + trees.decision_function(known)
    np.testing.assert_allclose(older.at_home.scores(np.nan_to_num(features)), both / 2, rtol=1e-5)
    assert set(older.at_home.moved(np.nan_to_num(features), [0])[0]) == set(GROUPS)


def test_half_of_a_framework_is_to_be_known_for_its_ranker_to_be_at_home():
    ranker = Ranker(packed(SMALL, SMALL, {("f", "maths"), ("g", None)}))
    outcomes = [
        Outcome(id=f"{framework}{number}", framework=framework, title="t", subject=subject)
        for number, (framework, subject) in enumerate(
            [("f", "Maths "), ("f", "art"), ("g", None), ("h", "maths"), ("h", None)]
        )
    ]
    assert ranker.familiar(outcomes) == {"f", "g"}
    assert ranker.familiar(outcomes[1:2]) == set()


@pytest.mark.parametrize(
    ("familiar", "settled", "home"), [(True, 0, True), (False, 1, False), (False, 2, True)]
)
def test_it_is_at_home_where_it_learned_or_where_neighbours_are_settled(familiar, settled, home):
    ranker = Ranker(packed(SMALL, SMALL))
    judge = ranker.judge(familiar=familiar, settled=settled)
    assert ranker.at_home is not ranker.elsewhere
    assert judge is (ranker.at_home if home else ranker.elsewhere)


def test_an_older_one_judges_everything_alike():
    older = Ranker(packed(SMALL))
    assert older.judge(familiar=False, settled=0) is older.judge(familiar=True, settled=0)


def test_a_cut_file_and_one_that_is_not_there_are_refused(tmp_path, ranker):
    path = tmp_path / "ranker.skops"
    for length in range(0, len(ranker.packed), len(ranker.packed) // 10):
        path.write_bytes(ranker.packed[:length])
        with pytest.raises(GatewaysError, match="no ranker"):
            read_ranker(path)
    with pytest.raises(GatewaysError, match=r"gone\.skops"):
        read_ranker(tmp_path / "gone.skops")


def test_loading_a_strange_file_makes_nothing_of_it():
    with pytest.raises(ValueError, match="LogisticRegression are no logistic model"):
        Ranker(dumped(linear=LogisticRegression(), trees=Stowaway()))


def test_more_that_speaks_for_an_outcome_never_lowers_the_trees(ranker, made_up_lists):
    trees = skops.io.loads(ranker.packed, trusted=TRUSTED)["trees"]
    features = np.concatenate([found.features for found in made_up_lists[:20]])
    before = trees.decision_function(features)
    moved = 0
    for name in RISING:
        raised = features.copy()
        for more in (0.1, 1.0, 10.0):
            raised[:, NAMES.index(name)] = features[:, NAMES.index(name)] + more
            after = trees.decision_function(raised)
            assert (after >= before - 1e-9).all(), name
            moved += (after > before + 1e-9).sum()
    assert moved > 0


def test_no_candidates_have_no_scores(ranker):
    assert ranker.at_home.scores(np.empty((0, len(NAMES)), dtype=np.float32)).shape == (0,)


def test_features_that_were_never_missing_in_training_may_be(ranker, features):
    gone = np.full_like(features, np.nan)
    assert np.isfinite(ranker.at_home.scores(gone)).all()


def test_what_is_usual_in_the_list_moves_nothing(ranker, features):
    same = np.repeat(features[:1], 5, axis=0)
    assert ranker.at_home.moved(same, [3]) == [pytest.approx(dict.fromkeys(GROUPS, 0.0), abs=1e-5)]


def test_a_group_moves_by_what_is_lost_when_it_is_as_usual(ranker, features):
    (moved,) = ranker.at_home.moved(features, [0])
    assert set(moved) == set(GROUPS)
    for group, names in GROUPS.items():
        changed = features[:1].copy()
        for column in map(NAMES.index, names):
            known = features[:, column][~np.isnan(features[:, column])]
            changed[0, column] = np.median(known) if len(known) else np.nan
        lost = ranker.at_home.scores(features[:1]) - ranker.at_home.scores(changed)
        assert moved[group] == pytest.approx(float(lost[0]), abs=1e-5)
    assert max(moved.values()) > 0


def test_reading_a_ranker_loads_no_heavy_library():
    code = (
        "import sys; from models.ranking.second_stage import second_stage_for; "
        "assert second_stage_for('e5').ranker; "
        "print({'torch', 'sklearn', 'scipy', 'skops'} & {*sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "set()"
