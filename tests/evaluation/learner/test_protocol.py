"""Learners whose answers are made up, foretold by what was fitted on others."""

import json

import numpy as np
import pytest

from data.errors import GatewaysError
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from evaluation.learner.figures import equal_width_error, figures, learning_curve, report
from evaluation.learner.protocol import (
    BASELINES,
    FOLDS,
    Answers,
    Foretold,
    foretell,
    read_answers,
)
from models.learner.evidence import Evidence
from models.learner.fitting import fit_elo, log_loss, part_of

START = 1_700_000_000


def history(*scores, outcome="o"):
    return [
        Evidence(time=START + place, outcomes=((outcome, 1.0),), score=score)
        for place, score in enumerate(scores)
    ]


def answers_of(histories, slices=None):
    return Answers(name="made", histories=histories, slices=slices or {})


@pytest.fixture(scope="module")
def many():
    draw = np.random.default_rng(3)
    return {
        f"l{number}": history(*(draw.random(6) < 0.3 + 0.4 * (number % 2)).astype(float))
        for number in range(25)
    }


@pytest.fixture
def document(dataset_folder):
    """A folder with these interactions: learner,resource,outcome,time,event,score."""

    def opened(*rows, **files):
        lines = ["learner,resource,item,outcome,time,event,score", *rows, ""]
        folder = dataset_folder(interactions="\n".join(lines), **files)
        return open_document(folder, ReadOptions())

    return opened


def test_what_tells_a_fold_was_fitted_on_none_of_its_learners(many):
    fitted_on = []

    def fit(histories):
        fitted_on.append(set(histories))
        return fit_elo(histories)

    found, tracers = foretell(answers_of(many), fit)
    assert len(fitted_on) == len(tracers) == FOLDS
    for fold, seen in enumerate(fitted_on):
        left_out = {who for who in many if part_of(who, FOLDS) == fold}
        assert seen == set(many) - left_out
        assert left_out
        assert np.sum(found.fold == fold) == 6 * len(left_out)
    assert len(found.told) == len(found.scores) == len(found.earlier) == 6 * len(many)


def test_each_answer_stands_beside_what_was_foretold_of_it(many):
    found, tracers = foretell(answers_of(many), fit_elo)
    for fold, tracer in enumerate(tracers):
        part = [found_ for who, found_ in many.items() if part_of(who, FOLDS) == fold]
        rows = found.fold == fold
        scores = [one.score for each in part for one in each]
        assert found.scores[rows].tolist() == scores
        told = 1 / (1 + np.exp(-np.concatenate([tracer.trace(each) for each in part])))
        np.testing.assert_allclose(found.told[rows], told)
    assert found.earlier[:6].tolist() == [0, 1, 2, 3, 4, 5]
    assert set(found.outcome) == {"o"}


def foretold(told, scores, fold=None):
    count = len(told)
    return Foretold(
        fold=np.zeros(count) if fold is None else np.array(fold),
        told=np.array(told, dtype=float),
        scores=np.array(scores, dtype=float),
        earlier=np.zeros(count),
        outcome=("o",) * count,
    )


def test_figures_are_means_over_folds():
    found = figures(foretold([0.9, 0.1, 0.2, 0.6], [1, 0, 1, 0], fold=[0, 0, 1, 1]))
    assert found["auc"] == 0.5
    assert found["deviation"]["auc"] == 0.5
    losses = [log_loss(np.array(told), np.array([1.0, 0.0])) for told in ([0.9, 0.1], [0.2, 0.6])]
    assert found["log_loss"] == pytest.approx(np.mean(losses), abs=1e-4)
    assert found["ece"] == pytest.approx((0.1 + 0.7) / 2, abs=1e-4)


def test_a_fold_in_which_all_is_right_has_no_auc_and_the_others_count():
    found = figures(foretold([0.9, 0.1, 0.9, 0.8], [1, 0, 1, 1], fold=[0, 0, 1, 1]))
    assert found["auc"] == 1.0


@pytest.mark.filterwarnings("error")
def test_where_no_fold_has_an_auc_none_is_written_and_the_file_is_json_still():
    found = figures(foretold([0.9, 0.2], [1, 0], fold=[0, 1]))
    assert found["auc"] is found["deviation"]["auc"] is None
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize(
    ("told", "right", "error"),
    [
        ([0.5] * 4, [1, 1, 0, 0], 0.0),
        ([0.9] * 4, [1, 1, 0, 0], 0.4),
        ([0.1, 0.9], [0.0, 1.0], 0.1),
        ([1.0, 0.0], [1, 0], 0.0),
    ],
)
def test_the_calibration_error_is_the_mean_gap_over_bins(told, right, error):
    found = equal_width_error(np.array(told), np.array(right, dtype=float))
    assert found == pytest.approx(error)


@pytest.fixture(scope="module")
def two_halves():
    """Learners to whom one outcome is easy and the other hard, and how both are sliced."""
    draw = np.random.default_rng(4)
    histories = {
        f"l{number}": sorted(
            history(*(draw.random(8) < 0.9).astype(float), outcome="easy")
            + history(*(draw.random(8) < 0.3).astype(float), outcome="hard"),
            key=lambda one: one.time,
        )
        for number in range(20)
    }
    slices = {"level": {"easy": "Grade 1", "hard": "Grade 2"}, "language": {"easy": "en"}}
    return answers_of(histories, slices)


@pytest.fixture(scope="module")
def told_of(two_halves):
    return report(two_halves)


def test_a_report_has_the_tracer_and_every_baseline_measured_alike(told_of):
    assert (told_of["dataset"], told_of["learners"], told_of["answers"]) == ("made", 20, 320)
    assert set(told_of["baselines"]) == set(BASELINES)
    for row in (told_of, *told_of["baselines"].values()):
        assert row["auc"] > 0.7
        assert 0 < row["log_loss"] < 0.7
        assert 0 <= row["ece"] < 0.3
    assert len(told_of["share"]) == FOLDS
    json.dumps(told_of, allow_nan=False)


def test_a_report_tells_of_first_answers_and_of_slices_the_worst_calibrated_first(told_of):
    by_earlier = told_of["by_earlier_answers"]
    assert {name: row["answers"] for name, row in by_earlier.items()} == {
        "0": 40,
        "1–5": 200,
        "6 and more": 80,
    }
    slices = told_of["slices"]
    assert {(row["by"], row["name"], row["answers"]) for row in slices} == {
        ("level", "Grade 1", 160),
        ("level", "Grade 2", 160),
    }
    assert slices[0]["ece"] >= slices[1]["ece"]


def test_a_learning_curve_has_what_each_kind_reaches_after_so_many_learners(two_halves):
    points = learning_curve(two_halves, [2, 10, 500])
    rest = sum(part_of(who, FOLDS) > 0 for who in two_halves.histories)
    assert [point["learners"] for point in points] == [2, 10, rest]
    assert [point["answers"] for point in points] == [32, 160, 16 * rest]
    for point in points:
        assert set(point["log_loss"]) == {"start", "logistic", "chosen"}
    assert points[-1]["log_loss"]["logistic"] < points[0]["log_loss"]["logistic"]


def test_a_learning_curve_leaves_out_learners_whose_answers_all_say_the_same():
    names = [f"l{number}" for number in range(10)]
    histories = {
        who: history(*([1.0, 1.0] if n < 5 else [0.0, 1.0])) for n, who in enumerate(names)
    }
    first = min(part_of(who, FOLDS) for who in names)
    rest = [who for who in names if part_of(who, FOLDS) != first]
    assert {one.score for who in rest[:2] for one in histories[who]} == {1.0}
    points = learning_curve(answers_of(histories), [2])
    assert [point["learners"] for point in points] == [len(rest)]


def test_only_answers_with_a_score_are_measured_and_in_their_order_of_time(document):
    opened = document(
        "a,r1,,,30,attempted,1",
        "a,r1,,,10,attempted,0",
        "a,r1,,,20,completed,",
        "a,r1,,,25,viewed,1",
        "a,,q,o2;o3,40,completed,0.6",
        "b,r1,,,1,attempted,1",
        "b,r1,,,2,attempted,0",
        "c,r1,,,2,skipped,",
        alignments="resource,outcome,relation,confidence\nr1,o1,teaches,\nr1,o1,assesses,\n"
        "r1,o9,requires,\nr1,o8,teaches,0.3\n",
        outcomes=json.dumps(
            {"id": "o1", "framework": "f", "title": "t", "levels": ["G1"], "language": "pt-BR"}
        ),
    )
    found = read_answers(opened)
    assert set(found.histories) == {"a", "b"}
    told = [(one.time, one.score, one.outcomes) for one in found.histories["a"]]
    assert told == [
        (10.0, 0.0, (("o1", 1.0),)),
        (30.0, 1.0, (("o1", 1.0),)),
        (40.0, 0.6, (("o2", 1.0), ("o3", 1.0))),
    ]
    assert found.slices == {"language": {"o1": "pt"}, "level": {"o1": "G1"}}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "0 learners with a score in interactions.csv"),
        (["a,r,,o,1,completed,", "b,r,,o,1,viewed,"], "0 learners with a score"),
        (["a,r,,o,1,attempted,1", "a,r,,o,2,attempted,0"], "1 learners with a score"),
        (["a,r,,o,1,attempted,1", "b,r,,o,1,attempted,.9"], "every score .* says the same"),
        (["a,r,,o,1,attempted,1", "b,r,,o,1,attempted,0"], "2 learners .* there must be more"),
    ],
)
def test_a_dataset_that_says_too_little_is_refused_with_what_is_missing(document, rows, says):
    with pytest.raises(GatewaysError, match=says):
        read_answers(document(*rows))
