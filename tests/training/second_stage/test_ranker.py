from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from models.ranking.confidence import Situation
from models.ranking.features import NAMES
from models.ranking.fusion import Scores
from training.second_stage.lists import FOLDS, Asked
from training.second_stage.ranker import REJECTED, cross_fitted, fit_ranker

SIZE = 30


def lists_of(count, seed, right_of):
    """Lists of made up features; `right_of` tells from a list's features which is right."""
    generator = np.random.default_rng(seed)
    for number in range(count):
        features = generator.normal(size=(SIZE, len(NAMES))).astype(np.float32)
        right = np.zeros(SIZE, dtype=bool)
        right[right_of(features, generator)] = True
        scores: Scores = np.sort(generator.normal(size=SIZE))[::-1].astype(np.float32)
        yield Asked(
            features=features,
            scores=scores,
            right=right,
            rejected=np.zeros(SIZE, dtype=bool),
            fits=True,
            asked=Situation(size=SIZE, nearest=0.5, elsewhere=0.4, words=20),
            fold=number % FOLDS,
        )


def any_of_them(features, generator):
    return generator.integers(len(features))


def the_nearest(features, generator):
    return features[:, NAMES.index("meaning")].argmax()


@pytest.fixture(scope="module")
def lists():
    return list(lists_of(60, 1, the_nearest))


def area(lists, scores):
    return roc_auc_score(
        np.concatenate([found.right for found in lists]), np.concatenate(list(scores))
    )


def test_a_ranker_learns_what_makes_an_outcome_right():
    learned, seen = (list(lists_of(150, seed, the_nearest)) for seed in (1, 2))
    ranker = fit_ranker(learned)
    assert area(seen, (ranker.at_home.scores(found.features) for found in seen)) > 0.95


@pytest.mark.slow
def test_scores_are_cross_fitted_by_rankers_that_never_saw_the_list():
    lists = list(lists_of(150, 1, any_of_them))
    ranker = fit_ranker(lists)
    assert area(lists, (ranker.at_home.scores(found.features) for found in lists)) > 0.65
    assert area(lists, cross_fitted(lists)) == pytest.approx(0.5, abs=0.1)


def test_each_list_gets_the_scores_of_its_own_folds_ranker(lists):
    scores = cross_fitted(lists)
    without = fit_ranker([found for found in lists if found.fold != 2])
    np.testing.assert_array_equal(scores[7], without.at_home.scores(lists[7].features))
    assert [len(found) for found in scores] == [SIZE] * 60


def test_the_same_lists_and_seed_give_the_same_ranker(lists):
    seen = lists[0].features
    np.testing.assert_array_equal(
        fit_ranker(lists).at_home.scores(seen), fit_ranker(lists).at_home.scores(seen)
    )
    assert (
        fit_ranker(lists[1:]).at_home.scores(seen) != fit_ranker(lists).at_home.scores(seen)
    ).any()


def test_lists_in_which_nothing_fits_are_not_learned_from(lists):
    foreign = [replace(found, fits=False, right=np.zeros(SIZE, bool)) for found in lists]
    both, seen = fit_ranker([*lists, *foreign]), lists[0].features
    np.testing.assert_array_equal(both.at_home.scores(seen), fit_ranker(lists).at_home.scores(seen))


@pytest.mark.parametrize("names", [["level: agrees"], list(NAMES[5:])])
def test_what_is_missing_in_all_lists_is_no_hindrance_and_says_nothing_later(names):
    columns = [NAMES.index(name) for name in names]
    lists = list(lists_of(60, 1, the_nearest))
    for found in lists:
        found.features[:, columns] = np.nan
    ranker = fit_ranker(lists)
    features = lists[0].features
    there = features.copy()
    there[:, columns] = 1.0
    np.testing.assert_allclose(
        ranker.at_home.scores(there), ranker.at_home.scores(features), atol=1e-5
    )
    assert area(lists, (ranker.at_home.scores(found.features) for found in lists)) > 0.9


def test_what_a_curator_rejected_weighs_more_than_what_nobody_looked_at():
    name = NAMES.index("title: letters")
    lists = list(lists_of(100, 1, the_nearest))
    for found in lists:
        found.features[:, name] = np.arange(SIZE) == 7
        found.right[7] = False
        found.right[8] = True
    doubted = [replace(found, rejected=np.arange(SIZE) == 7) for found in lists]
    assert REJECTED > 1

    def moved(lists):
        ranker = fit_ranker(lists)
        features = np.zeros((2, len(NAMES)), dtype=np.float32)
        features[1, name] = 1
        scores = ranker.at_home.scores(features)
        return scores[1] - scores[0]

    assert moved(doubted) < moved(lists)


def test_elsewhere_each_feature_counts_by_itself_and_votes_of_neighbours_not_at_all():
    """Whatever else is so, the same change of one feature moves the score by the same."""
    generator = np.random.default_rng(3)
    judge = fit_ranker(list(lists_of(150, 1, the_nearest))).elsewhere
    rows = generator.normal(size=(200, len(NAMES))).astype(np.float32)
    for name in ("meaning", "title: letters"):
        one, other = rows.copy(), rows.copy()
        one[:, NAMES.index(name)], other[:, NAMES.index(name)] = -1, 1
        moved = judge.scores(other) - judge.scores(one)
        np.testing.assert_allclose(moved, moved[0], atol=1e-5)
    assert judge.scores(rows).std() > 0.1
    guessed = [place for place, name in enumerate(NAMES) if "guessed" in name]
    assert guessed
    voted = rows.copy()
    voted[:, guessed] += 5
    np.testing.assert_array_equal(judge.scores(voted), judge.scores(rows))
