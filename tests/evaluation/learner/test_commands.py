import json
import random

import pytest

from evaluation.learner.protocol import BASELINES


@pytest.fixture
def dataset(dataset_folder):
    """Twelve learners who get better at two outcomes."""

    def write(scored=True):
        draw = random.Random(1)
        rows = [
            f"l{who},i{draw.randrange(5)},o{place % 2},{1_700_000_000 + 60 * place},attempted,"
            + (str(int(draw.random() < 0.3 + 0.05 * place)) if scored else "")
            for who in range(12)
            for place in range(10)
        ]
        lines = ["learner,item,outcome,time,event,score", *rows, ""]
        return dataset_folder("practice", interactions="\n".join(lines))

    return write


@pytest.fixture
def evaluate(run, dataset):
    def command(*words, scored=True):
        return run("evaluate", "learner", "--dataset", dataset(scored), *words)

    return command


def fails(outcome, *words):
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert all(word in err for word in words), err


def test_evaluate_learner_tells_and_writes_its_figures(evaluate, tmp_path):
    page = tmp_path / "out.html"
    words = ("--json", tmp_path / "out.json", "--report", page, "--learning-curve", "4, 2")
    status, out, _ = evaluate(*words)
    assert status == 0
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (found["dataset"], found["learners"], found["answers"]) == ("practice", 12, 120)
    assert {"auc", "log_loss", "ece", "deviation", "by_earlier_answers", "slices"} <= set(found)
    assert set(found["baselines"]) == set(BASELINES)
    assert [point["learners"] for point in found["learning_curve"]][:2] == [2, 4]
    for words in ("this program", *BASELINES, "practice · 12 learners · 120 answers"):
        assert words in out
    assert f"{found['log_loss']:.3f}" in out
    assert f"{found['log_loss']:.3f}" in page.read_text(encoding="utf-8")
    assert sum(group["answers"] for group in found["calibration"]) == 120


def test_a_dataset_without_scores_is_refused_with_what_is_missing(evaluate):
    fails(evaluate(scored=False), "practice", "0 learners with a score in interactions.csv")


@pytest.mark.parametrize("curve", ["few", "0,5", "-3", "2.5"])
def test_a_learning_curve_is_asked_for_in_whole_numbers(evaluate, curve):
    fails(evaluate("--learning-curve", curve), "--learning-curve", "whole numbers", "5,20,100")


@pytest.mark.parametrize("option", ["--json", "--report"])
def test_where_no_file_can_be_written_is_said_before_anything_is_fitted(evaluate, tmp_path, option):
    place = tmp_path / "nowhere" / "out"
    fails(evaluate(option, place), str(place), "no such folder")
