import json

import pytest

from models.learner.model import read_learner_model
from models.learner.recommender import POLICY


@pytest.fixture
def dataset(school, interactions):
    return school(interactions(8, 6))


def fails(outcome, *words):
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert all(word in err for word in words), err


def test_a_model_is_fitted_on_a_dataset_and_written_where_it_is_said(run, dataset, tmp_path):
    out = tmp_path / "learner.json"
    status, printed, err = run("train", "learner", "--dataset", dataset, "--out", out)
    assert (status, printed) == (0, "")
    assert f"{out}: " in err
    assert "from 48 answers of 8 learners" in err
    assert read_learner_model(out).tracer.answers == 48
    assert not (tmp_path / "home" / "learner.json").exists()


def test_recommendations_rest_on_the_model_that_was_fitted_on_the_catalogue(
    run, dataset, registry_folder, tmp_path
):
    assert run("import", dataset)[0] == 0

    def policy():
        status, out, _ = run("recommend", "--learner", "l1", "--json")
        assert status == 0
        return json.loads(out)["policy"]

    assert policy() == f"{POLICY}/start-0"
    status, printed, err = run("train", "learner")
    assert (status, printed) == (0, "")
    assert "Version learner/1: " in err
    assert "It is in use" in err
    tracer = read_learner_model(tmp_path / "home" / "learner.json").tracer
    assert (tracer.learners, tracer.answers) == (8, 48)
    assert policy() == f"{POLICY}/{tracer.kind}-48"


@pytest.mark.slow
def test_a_model_that_does_not_take_the_place_is_said_with_why_and_what_forces_it(
    run, school, interactions, registry_folder
):
    assert run("train", "learner", "--dataset", school(interactions(9)))[0] == 0
    status, _, err = run("train", "learner", "--dataset", school(interactions(8)))
    assert status == 0
    assert "not in use; against it in place of learner/1:" in err
    assert "\n  - It was fitted on 80 answers, the one in use on 90" in err
    fails(run("models", "promote", "learner/2"), "version learner/2 is not promoted", "on 80")
    force = ("--force", "--reason", "a pilot", "--json")
    assert json.loads(run("models", "promote", "learner/challenger", *force)[1]) == {
        "champion": "learner/2",
        "index": None,
        "forced": True,
        "objections": [
            "It was fitted on 80 answers, the one in use on 90, and 0 learners are too few to "
            "compare the two by."
        ],
        "doubts": [],
    }
    shown = json.loads(run("models", "show", "learner/champion", "--json")[1])
    assert (shown["version"], shown["forced"], shown["manifest"]) == ("learner/2", "a pilot", None)
    assert shown["history"][0]["reason"] == "a pilot"
    assert json.loads(run("models", "rollback", "learner", "--json")[1])["champion"] == "learner/1"
    listed = json.loads(run("models", "list", "--json")[1])
    assert [(one["version"], one["aliases"]) for one in listed["learner"]] == [
        ("learner/2", []),
        ("learner/1", ["champion"]),
        ("learner/shipped", []),
    ]
    assert listed["learner"][0]["trained_on"] == "80 answers of 8 learners"
    assert [one["version"] for one in listed["versions"]] == ["2", "1", "shipped"]
    assert "learner/1" in run("models", "list")[1]
    changed = json.loads(run("models", "compare", "learner/1", "learner/2", "--json")[1])
    assert (changed["before"], changed["after"]) == ("learner/1", "learner/2")
    assert "in place of learner/1" in run("models", "compare", "learner/1", "learner/2")[1]
    fails(run("models", "compare", "learner/1", "2"), "are of different models")
    fails(run("models", "rollback", "teachers"), "neither `alignment` nor `learner`")


def test_without_answers_nothing_is_written_and_it_is_said(run, tmp_path):
    fails(run("train", "learner"), "the catalogue: nothing can be learned of its interactions")
    assert not (tmp_path / "home" / "learner.json").exists()


def test_a_model_that_is_damaged_stops_recommendations_with_what_mends_it(run, dataset, tmp_path):
    assert run("import", dataset)[0] == 0
    (tmp_path / "home" / "learner.json").write_text("{", encoding="utf-8")
    fails(run("recommend", "--learner", "l"), "learner.json", "run `gateways train learner`")
