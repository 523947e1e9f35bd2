import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.measures.metrics import (
    calibration,
    calibration_error,
    f2,
    interval,
    mean_interval,
    ranking,
)

IDS = st.sets(st.sampled_from("abcdefgh"))


def one(ranked, relevant):
    found = ranking({"q": ranked}, {"q": relevant})
    return {name: float(values[0]) for name, values in found.items()}


def test_ranking_measures_are_those_worked_out_by_hand():
    ranked = ["x", "a", "y", "b", "z"]
    found = one(ranked, {"a", "b", "c", "d"})
    assert found["recall@1"] == 0
    assert found["recall@5"] == found["recall@50"] == 0.5
    assert found["mrr"] == 0.5
    gain = 1 / np.log2(3) + 1 / np.log2(5)
    ideal = sum(1 / np.log2(rank + 1) for rank in (1, 2, 3, 4))
    assert found["ndcg@10"] == pytest.approx(gain / ideal)


def test_a_perfect_list_scores_one_and_a_wrong_one_nothing():
    assert set(one(["a"], {"a"}).values()) == {1.0}
    assert set(one(["b", "c"], {"a"}).values()) == {0.0}


def test_values_stand_in_the_order_of_the_queries_and_a_missing_list_counts_nothing():
    found = ranking({"second": ["a"]}, {"first": {"a"}, "second": {"a"}, "third": {"b"}})
    assert found["recall@1"].tolist() == [0, 1, 0]


def test_what_is_ranked_for_other_queries_does_not_count():
    assert ranking({"q": ["a"], "other": ["b"]}, {"q": {"a"}})["mrr"].tolist() == [1]


@given(st.permutations("abcdefghijklmnop"), st.sets(st.sampled_from("abcdefghxyz"), min_size=1))
def test_recall_counts_what_is_found_within_k(ranked, relevant):
    found = one(ranked, relevant)
    for k in (1, 5, 10, 50):
        assert found[f"recall@{k}"] == pytest.approx(
            len(set(ranked[:k]) & relevant) / len(relevant)
        )
    places = [place for place, name in enumerate(ranked, start=1) if name in relevant]
    assert found["mrr"] == pytest.approx(1 / places[0] if places else 0)


def test_a_hundred_ranks_keep_their_order():
    ranked = [f"o{rank}" for rank in range(1, 101)]
    assert one(ranked, {"o100"})["mrr"] == pytest.approx(0.01)
    assert one(ranked, {"o50"})["recall@50"] == 1
    assert one(ranked, {"o51"})["recall@50"] == 0


@given(IDS, IDS)
def test_f2_weighs_recall_four_times_as_precision_as_in_the_2023_competition(selected, relevant):
    hits = len(selected & relevant)
    value = f2(selected, relevant)
    if hits:
        precision, recall = hits / len(selected), hits / len(relevant)
        assert value == pytest.approx(5 * precision * recall / (4 * precision + recall))
    else:
        assert value == (1 if not selected and not relevant else 0)
    assert 0 <= value <= 1
    assert (value == 1) == (selected == relevant)


def test_f2_of_a_known_case():
    assert f2(["a", "b", "c"], {"a", "d"}) == pytest.approx(5 / 11)


def test_calibrated_bins_have_no_error():
    confidences = np.repeat([0.25, 0.5, 1.0], 4)
    correct = np.array([1, 0, 0, 0] + [1, 1, 0, 0] + [1] * 4, dtype=bool)
    assert calibration_error(confidences, correct, bins=3) == 0


def test_the_error_of_a_known_case_is_the_mean_gap_over_bins_of_equal_mass():
    confidences = np.array([0.1, 0.2, 0.8, 0.9])
    correct = np.array([False, True, True, True])
    assert calibration_error(confidences, correct, bins=2) == pytest.approx(
        (abs(0.15 - 0.5) + abs(0.85 - 1)) / 2
    )
    assert calibration_error(confidences, correct, bins=1) == pytest.approx(0.25)


def test_opposite_gaps_in_one_bin_cancel_and_in_two_do_not():
    confidences, correct = np.array([0.0, 1.0]), np.array([True, False])
    assert calibration_error(confidences, correct, bins=1) == 0
    assert calibration_error(confidences, correct, bins=2) == 1


def test_without_suggestions_there_is_no_error():
    assert calibration_error(np.array([]), np.array([], dtype=bool)) == 0


def test_the_curve_shows_how_sure_and_how_right_each_group_was():
    confidences = np.array([0.9, 0.1, 0.2, 0.8])
    correct = np.array([True, False, True, True])
    low, high = calibration(confidences, correct, bins=2)
    assert (low.pairs, low.confidence, low.right) == (2, pytest.approx(0.15), 0.5)
    assert (high.pairs, high.confidence, high.right) == (2, pytest.approx(0.85), 1)


def test_fewer_suggestions_than_groups_are_a_group_each():
    found = calibration(np.array([0.2, 0.6]), np.array([True, False]))
    assert [(each.pairs, each.confidence) for each in found] == [(1, 0.2), (1, 0.6)]


PAIRS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9]), st.booleans()), min_size=1)


def error(pairs):
    confidences, correct = zip(*pairs, strict=True)
    return calibration_error(np.array(confidences), np.array(correct))


@given(PAIRS, st.randoms())
def test_the_order_of_the_suggestions_does_not_change_the_error(pairs, generator):
    shuffled = list(pairs)
    generator.shuffle(shuffled)
    assert error(shuffled) == pytest.approx(error(pairs), abs=1e-12)


@given(PAIRS)
def test_the_error_lies_between_the_overall_gap_and_the_mean_distance(pairs):
    confidences, correct = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    assert abs(confidences.mean() - correct.mean()) - 1e-9 <= error(pairs)
    assert error(pairs) <= np.abs(confidences - correct).mean() + 1e-9


@given(st.lists(st.floats(0, 1), min_size=2, max_size=200))
def test_an_interval_holds_the_mean_and_is_the_same_each_time(values):
    numbers = np.array(values)

    def mean(rows):
        return float(numbers[rows].mean())

    low, high = interval(mean, len(numbers), samples=200)
    assert numbers.min() - 1e-9 <= low <= high <= numbers.max() + 1e-9
    assert (low, high) == interval(mean, len(numbers), samples=200)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(0, 5))
@settings(deadline=None)
def test_many_samples_at_a_time_give_the_same_interval(values, seed):
    numbers = np.array(values)
    one_by_one = interval(
        lambda rows: float(numbers[rows].mean()), len(numbers), samples=100, seed=seed
    )
    assert mean_interval(numbers, samples=100, seed=seed) == pytest.approx(one_by_one)


def test_so_many_values_that_few_samples_fit_at_a_time_give_the_same_interval(monkeypatch):
    numbers = np.random.default_rng(3).random(70)
    whole = mean_interval(numbers, samples=100)
    monkeypatch.setattr("evaluation.measures.metrics._DRAWN_AT_ONCE", 200)
    assert mean_interval(numbers, samples=100) == whole


def test_an_interval_is_as_wide_as_theory_says():
    numbers = np.random.default_rng(1).random(400)
    low, high = interval(lambda rows: float(numbers[rows].mean()), 400)
    error_of_mean = numbers.std() / 20
    assert low < numbers.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * error_of_mean, rel=0.1)


def test_other_seeds_draw_otherwise():
    numbers = np.arange(50.0)

    def mean(rows):
        return float(numbers[rows].mean())

    assert interval(mean, 50, seed=1) != interval(mean, 50, seed=2)
