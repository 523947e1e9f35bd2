import json
import random

import pytest

from models.learner.model import read_learner_model
from models.learner.recommender import POLICY


@pytest.fixture
def dataset(dataset_folder):
    draw = random.Random(2)
    rows = [
        f"l{who},i{draw.randrange(4)},o,{1_700_000_000 + place},attempted,{draw.randrange(2)}"
        for who in range(8)
        for place in range(6)
    ]
    lines = ["learner,item,outcome,time,event,score", *rows, ""]
    return dataset_folder(
        outcomes='{"id": "o", "framework": "f", "title": "An outcome"}\n',
        resources='{"id": "r", "title": "A resource"}\n',
        alignments="resource,outcome\nr,o\n",
        interactions="\n".join(lines),
    )


def fails(outcome, *words):
    status, out, err = outcome
    assert (status, out) == (2, "")
    assert "Traceback" not in err
    assert all(word in err for word in words), err


def test_a_model_is_fitted_on_a_dataset_and_written_where_it_is_said(run, dataset, tmp_path):
    out = tmp_path / "models" / "learner.json"
    status, printed, err = run("train", "learner", "--dataset", dataset, "--out", out)
    assert (status, printed) == (0, "")
    assert f"{out}: " in err
    assert "from 48 answers of 8 learners" in err
    assert read_learner_model(out).tracer.answers == 48
    assert not (tmp_path / "home" / "learner.json").exists()


def test_recommendations_rest_on_the_model_that_was_fitted_on_the_catalogue(run, dataset, tmp_path):
    assert run("import", dataset)[0] == 0

    def policy():
        status, out, _ = run("recommend", "--learner", "l1", "--json")
        assert status == 0
        return json.loads(out)["policy"]

    assert policy() == f"{POLICY}/start-0"
    assert run("train", "learner")[0] == 0
    tracer = read_learner_model(tmp_path / "home" / "learner.json").tracer
    assert (tracer.learners, tracer.answers) == (8, 48)
    assert policy() == f"{POLICY}/{tracer.kind}-48"


def test_without_answers_nothing_is_written_and_it_is_said(run, tmp_path):
    fails(run("train", "learner"), "the catalogue: nothing can be learned of its interactions")
    assert not (tmp_path / "home" / "learner.json").exists()


def test_a_model_that_is_damaged_stops_recommendations_with_what_mends_it(run, dataset, tmp_path):
    assert run("import", dataset)[0] == 0
    (tmp_path / "home" / "learner.json").write_text("{", encoding="utf-8")
    fails(run("recommend", "--learner", "l"), "learner.json", "run `gateways train learner`")
