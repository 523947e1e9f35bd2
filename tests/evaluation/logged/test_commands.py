"""What was served and what came of it, through the program's own service and command line."""

import json
import shutil
import time

import numpy as np
import pytest

from data.catalogue import Catalogue
from data.records import Event, Interaction
from data.settings import load_settings
from models.learner.situation import Asked
from service.engine.learning import Learning

LEARNERS, ANSWERS, BEGAN, HOUR = 40, 4, 1_700_000_000.0, 3600.0


def serve(learning):
    """Newcomers ask, and complete every second of what stands first, or answer it half right."""
    for number in range(LEARNERS):
        for turn in range(ANSWERS):
            at = BEGAN + HOUR * (turn + 24 * number)
            _, answered = learning.recommend(f"new-{number}", Asked(now=at, k=3, languages=("en",)))
            done = Interaction(
                learner=f"new-{number}",
                resource=answered.kept.shown[0].resource,
                time=at + 600,
                event=Event.COMPLETED if turn % 2 else Event.ATTEMPTED,
                score=None if turn % 2 else 0.5,
            )
            learning.take([(None, done)])


@pytest.fixture(scope="module")
def served(sample_home, tmp_path_factory):
    """A workspace with the sample catalogue and a log."""
    home = shutil.copytree(sample_home, tmp_path_factory.mktemp("served") / "home")
    settings = load_settings(home=home)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        serve(Learning(settings, catalogue))
    return home


@pytest.fixture
def home(served, tmp_path):
    return shutil.copytree(served, tmp_path / "copy")


@pytest.fixture
def evaluate(run, home, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")

    def command(*words):
        file = tmp_path / "figures.json"
        status, out, err = run("evaluate", "logged", *words, "--json", file, home=home)
        assert (status, err) == (0, "")
        return json.loads(file.read_text()), out

    return command


def test_what_was_served_is_judged_by_what_came_of_it(evaluate, served):
    found, out = evaluate()
    assert (found["answers"], found["learners"]) == (LEARNERS * ANSWERS, LEARNERS)
    assert (found["empty"], found["pending"]) == (0, 0)
    (version,) = found["versions"]
    assert version.startswith("frontier-")
    logged = found["estimates"]["as logged"]
    assert logged["snips"]["value"] == logged["ips"]["value"] == 0.75
    assert logged["effective_answers"] == LEARNERS * ANSWERS
    with Catalogue.open(load_settings(home=served).catalogue_url) as catalogue:
        kept = list(catalogue.recommendations.live())
    weights = [
        (one.shown[0].resource == one.candidates[0][0]) / one.shown[0].propensity for one in kept
    ]
    best = found["estimates"]["without exploration"]
    assert best["mean_weight"]["value"] == pytest.approx(np.mean(weights), abs=1e-4)
    assert best["mean_weight"]["value"] == pytest.approx(1, abs=0.1)
    assert {gap["by"] for gap in found["gaps"]} == {"language", "level"}
    assert {"by": "language", "name": "en", "answers": LEARNERS * ANSWERS, "reward": 0.75} in found[
        "slices"
    ]
    for words in (
        "SNIPS",
        "whom it serves worst",
        "without exploration",
        "0.750",
        version,
        "effective answers",
    ):
        assert words in out


def test_of_what_was_seldom_drawn_it_is_said_that_the_log_hardly_tells(evaluate):
    found, out = evaluate()
    tells = {name: row["tells"] for name, row in found["estimates"].items()}
    assert tells["as logged"]
    assert tells["without exploration"]
    assert not tells["uniform over candidates"]
    for name, can in tells.items():
        assert (f"«{name}»: the log cannot tell" in out) is not can


def test_days_say_for_how_long_it_counts(evaluate):
    found, _ = evaluate("--days", "0.01")  # a quarter of an hour
    assert found["estimates"]["as logged"]["ips"]["value"] > 0
    assert found["days"] == 0.01


def test_what_is_left_out_is_told(evaluate, home):
    settings = load_settings(home=home)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        learning = Learning(settings, catalogue)
        learning.recommend("late", Asked(now=time.time()))
        learning.recommend("late", Asked(now=BEGAN, kind="hologram"))
    found, out = evaluate()
    assert (found["answers"], found["pending"], found["empty"]) == (LEARNERS * ANSWERS, 1, 1)
    assert "left out, since the 7 days are not over: 1" in out
    assert "left out, since nothing was shown: 1" in out


def test_who_was_erased_is_not_in_it(evaluate, home):
    settings = load_settings(home=home)
    with Catalogue.open(settings.catalogue_url) as catalogue:
        Learning(settings, catalogue).erase("new-3")
    found, _ = evaluate()
    assert (found["answers"], found["learners"]) == ((LEARNERS - 1) * ANSWERS, LEARNERS - 1)


def test_nothing_is_written_to_the_catalogue(evaluate, home):
    def kept():
        with Catalogue.open(load_settings(home=home).catalogue_url) as catalogue:
            return list(catalogue.recommendations.live()), list(catalogue.interactions.live())

    before = kept()
    evaluate()
    assert kept() == before


def test_too_short_a_log_is_told_with_what_would_help(run, home, tmp_path):
    status, out, err = run("evaluate", "logged", "--policy", "another", home=home)
    assert (status, out) == (2, "")
    assert "0 answers of 0 learners" in err
    nowhere = tmp_path / "nowhere" / "figures.json"
    status, _, err = run("evaluate", "logged", "--json", nowhere, home=home)
    assert (status, "no such folder" in err) == (2, True)
