import numpy as np
import pytest

from evaluation.alignment.scoring import by_query, mean_over_outcomes, recall_by_k, score

GOLD = {"r1": frozenset({"a", "b"}), "r2": frozenset({"a"})}


@pytest.fixture
def ranked(prediction):
    return [
        prediction("r1", "a", 1, 0.8, selected=True),
        prediction("r1", "c", 2, 0.4, selected=True),
        prediction("r1", "b", 3, 0.01),
        prediction("r2", "c", 1, 0.6, selected=True),
        prediction("r2", "a", 2, 0.2),
        prediction("unknown", "a", 1, 0.9, selected=True),
    ]


def scored(predictions, gold=GOLD):
    return score(by_query(predictions, gold), gold)


def test_figures_are_those_worked_out_by_hand(ranked):
    figures = scored(ranked).figures
    assert set(figures) == {
        "mean_f2",
        "recall@1",
        "recall@5",
        "recall@10",
        "recall@50",
        "mrr",
        "ndcg@10",
        "ece",
    }
    assert figures["mean_f2"].value == pytest.approx((5 / 10 + 0) / 2)
    assert figures["recall@1"].value == pytest.approx((0.5 + 0) / 2)
    assert figures["recall@5"].value == 1
    assert figures["mrr"].value == pytest.approx((1 + 0.5) / 2)
    # Four suggestions of .05 or more, each in a bin of its own.
    assert figures["ece"].value == pytest.approx((0.2 + 0.4 + 0.6 + 0.8) / 4)


def test_every_figure_lies_in_its_interval(ranked):
    for figure in scored(ranked).figures.values():
        assert figure.low - 1e-9 <= figure.value <= figure.high + 1e-9


def test_each_query_has_its_values_and_what_could_be_shown_for_it(ranked):
    found = scored(ranked)
    assert found.values["mrr"].tolist() == [1, 0.5]
    assert [pairs.tolist() for pairs in found.pairs] == [
        [[0.8, 1], [0.4, 0]],
        [[0.6, 0], [0.2, 1]],
    ]


def test_a_query_without_predictions_counts_nothing(ranked):
    alone = scored(ranked[:3]).figures
    assert alone["recall@5"].value == 0.5
    assert alone["mean_f2"].value == pytest.approx(0.25)


def test_without_any_prediction_every_figure_is_nothing():
    assert {figure.value for figure in scored([]).figures.values()} == {0.0}


def test_recall_by_k_rises_with_every_right_one(ranked):
    found = recall_by_k(by_query(ranked, GOLD), GOLD)
    assert len(found) == 50
    assert found[:4] == pytest.approx([0.25, 0.75, 1, 1])


def test_over_outcomes_no_outcome_weighs_by_the_number_of_its_resources():
    gold = {"r1": frozenset("a"), "r2": frozenset("a"), "r3": frozenset("b")}
    assert mean_over_outcomes(np.array([1.0, 0.0, 1.0]), gold) == pytest.approx((0.5 + 1) / 2)
