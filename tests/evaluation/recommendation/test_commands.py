import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from data.errors import GatewaysError
from data.settings import Settings
from evaluation.recommendation.commands import recommender

HEAD = "learner,resource,outcome,time,event,score\n"


@pytest.fixture
def dataset(dataset_folder):
    """Few learners who go through forty resources in their order, some by twos."""
    generator = np.random.default_rng(1)
    resources = [
        {"id": f"r{number}", "title": f"Lesson {number}", "levels": [str(number % 2)]}
        for number in range(40)
    ]
    rows = [
        f"l{learner},r{place},,{100 * learner + step},viewed,"
        for learner in range(60)
        for start in [generator.integers(20)]
        for step, place in enumerate(range(start, 40, 1 + learner % 2))
    ]
    return dataset_folder(
        resources="".join(json.dumps(row) + "\n" for row in resources),
        interactions=HEAD + "\n".join(rows) + "\n",
    )


@pytest.fixture
def evaluate(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    app = typer.Typer()
    app.command()(recommender)

    def command(*words):
        settings = Settings(home=tmp_path / "home")
        return CliRunner().invoke(app, [*map(str, words)], obj=settings)

    return command


def fails(outcome, words):
    assert isinstance(outcome.exception, GatewaysError)
    assert words in str(outcome.exception)


@pytest.mark.slow
def test_figures_are_shown_and_written_and_come_again(evaluate, dataset, tmp_path):
    files = [tmp_path / name for name in ("one.json", "two.json")]
    page = tmp_path / "page.html"
    words = ("--dataset", dataset, "--report", page, "--json")
    outcomes = [evaluate(*words, file) for file in files]
    found, again = (json.loads(file.read_text()) | {"seconds": 0} for file in files)
    assert found == again
    assert 0 < found["ndcg@10"] <= found["recall@10"] <= 1
    assert set(found["baselines"]["Markov"]) >= {"recall@10", "ndcg@10", "coverage", "gini"}
    for words in ("this program", "Markov", "recall@10", "without a history"):
        assert words in outcomes[0].output
    assert f"{found['recall@10']:.3f}" in page.read_text(encoding="utf-8")
    assert not (tmp_path / "home").exists()


def test_a_place_that_cannot_be_written_is_told_before_anything_is_read(evaluate, tmp_path):
    nowhere = tmp_path / "nowhere"
    fails(evaluate("--dataset", nowhere, "--json", nowhere / "figures.json"), "no such folder")


def test_a_dataset_without_interactions_is_named(evaluate, dataset_folder):
    folder = dataset_folder(resources='{"id": "a", "title": "A"}\n')
    fails(evaluate("--dataset", folder), "interactions.csv")
