from collections import defaultdict

import numpy as np
import pytest

import training.second_stage.lists
from data.errors import GatewaysError
from models.ranking.features import NAMES
from training.labelled import Labelled
from training.second_stage.lists import FOLDS, draw_lists, parts_for


@pytest.fixture
def drawn(made_up, made_up_snapshot, hashing_of, monkeypatch):
    def made(labelled=None, seed=0, parts=4, size=20, **options):
        monkeypatch.setattr(training.second_stage.lists, "MOST_PARTS", parts)
        monkeypatch.setattr(training.second_stage.lists, "SIZE", size)
        return draw_lists(
            made_up_snapshot,
            hashing_of(256),
            labelled or made_up.lessons(120, seed=1),
            words_weight=0.2,
            seed=seed,
            **options,
        )

    return made


def column(found, name):
    return found.features[:, NAMES.index(name)]


def test_the_same_seed_gives_the_same_lists(drawn):
    first, second, other = drawn(), drawn(), drawn(seed=1)
    assert len(first) == len(second)
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.features, two.features)
        np.testing.assert_array_equal(one.right, two.right)
        assert (one.fold, one.asked) == (two.fold, two.asked)
    assert [found.asked for found in other] != [found.asked for found in first]


def test_a_list_says_what_is_right_in_it(made_up_lists):
    for found in made_up_lists:
        assert found.features.shape == (len(found.scores), len(NAMES))
        assert found.right.any() == found.fits
        assert found.right.sum() <= 1
        assert (np.diff(found.scores) <= 0).all()
        assert len(found.scores) <= found.asked.size
    assert 0 < np.mean([not found.fits for found in made_up_lists]) < 0.2


def test_lists_of_an_outcome_are_in_one_fold_and_all_folds_have_some(
    made_up, made_up_snapshot, hashing_of, monkeypatch
):
    seen = defaultdict(set)
    asked = {}
    real = training.second_stage.lists.query_of

    def noted(resource):
        asked[len(asked)] = resource.id
        return real(resource)

    monkeypatch.setattr(training.second_stage.lists, "MOST_PARTS", 8)
    monkeypatch.setattr(training.second_stage.lists, "SIZE", 40)
    monkeypatch.setattr(training.second_stage.lists, "query_of", noted)
    lessons = made_up.lessons(200, seed=1)
    lists = draw_lists(made_up_snapshot, hashing_of(256), lessons, words_weight=0.2, seed=0)
    assert len(lists) == len(asked)
    for found, resource in zip(lists, asked.values(), strict=True):
        if found.fits:
            seen[lessons.gold[resource]].add(found.fold)
    assert len(seen) > 40
    assert all(len(folds) == 1 for folds in seen.values())
    assert {found.fold for found in lists} == set(range(FOLDS))


def test_every_regime_occurs(drawn):
    lists = drawn(parts=24, size=5)

    def missing(name):
        return np.mean([np.isnan(column(found, name)).all() for found in lists])

    assert 0 < missing("neighbours: meaning") < 1
    assert 0 < missing("accepted: share") < 1
    assert 0.4 < missing("subject: agrees") < 0.9
    assert 0.4 < missing("level: agrees") < 0.9


def test_no_list_is_given_away_by_what_its_own_resource_was_accepted_for(
    made_up, made_up_snapshot, hashing_of, monkeypatch
):
    """Where each resource alone teaches its outcome none can have a vote for what is right."""
    monkeypatch.setattr(training.second_stage.lists, "FEWEST", 1)
    monkeypatch.setattr(training.second_stage.lists, "MOST_PARTS", 20)
    lessons = made_up.lessons(400, seed=1)
    one_each = {min(lessons.gold[found.id]): found for found in lessons.resources}
    alone = Labelled(
        resources=list(one_each.values()),
        gold={found.id: frozenset({outcome}) for outcome, found in one_each.items()},
    )
    monkeypatch.setattr(training.second_stage.lists, "SIZE", len(one_each) // 2)
    lists = draw_lists(made_up_snapshot, hashing_of(256), alone, words_weight=0.2, seed=0)
    votes = [column(found, "accepted: share") for found in lists if found.fits]
    rights = [found.right for found in lists if found.fits]
    assert sum(np.nansum(each) for each in votes) > 10
    assert all(
        not np.nan_to_num(each)[right].any() for each, right in zip(votes, rights, strict=True)
    )


def test_what_was_rejected_is_marked(made_up, drawn):
    lessons = made_up.lessons(120, seed=1)
    wrong = {
        found.id: frozenset({"maths-0", "art-1"}) - lessons.gold[found.id]
        for found in lessons.resources
    }
    lists = drawn(Labelled(resources=lessons.resources, gold=lessons.gold, rejected=wrong))
    assert any(found.rejected.sum() == 2 for found in lists)
    assert not any((found.rejected & found.right).any() for found in lists)
    assert not any(found.rejected.any() for found in drawn())


def test_progress_comes_to_the_number_that_was_announced_however_large_the_parts_are(drawn):
    told = []
    drawn(progress=told.append, parts=4, size=20)
    assert sum(told) == 120 + 4 * 20


def test_the_more_resources_there_are_the_more_parts_are_drawn_within_bounds():
    assert [parts_for(count) for count in (0, 240, 600, 1500)] == [72, 72, 100, 216]


@pytest.mark.parametrize("count", [0, 1, 99])
def test_too_few_aligned_resources_are_refused_with_their_number(made_up, drawn, count):
    with pytest.raises(GatewaysError, match=f"{count} aligned resources are too few"):
        drawn(made_up.lessons(count, seed=1))
