"""The study through the program's own command line, as small as can be."""

import json

import pytest

from evaluation.simulation import protocol
from evaluation.simulation.protocol import MODELS, POLICIES


@pytest.fixture
def simulate(run, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(protocol, "OTHERS", 1)

    def command(*words):
        file = tmp_path / "figures.json"
        status, out, err = run("evaluate", "simulation", *words, "--json", file)
        assert (status, err) == (0, "")
        return json.loads(file.read_text()), out

    return command


@pytest.mark.slow
def test_learners_of_every_kind_study_under_every_policy(simulate):
    found, out = simulate("--seeds", "1", "--learners", "1", "--hours", "3")
    assert (found["seeds"], found["learners"], found["hours"]) == (1, 1, 3)
    settings = [(one["model"], one["gaps"]) for one in found["settings"]]
    assert settings == [(model, gaps) for model in MODELS for gaps in (True, False)]
    for one in found["settings"]:
        assert list(one["policies"]) == list(POLICIES)
        assert one["policies"]["oracle"]["expected_of_oracle"]["value"] == 1
        assert one["recommendations"] > 0
        assert one["unready_recommendations"] == 0
    total = sum(one["recommendations"] for one in found["settings"])
    for words in ("fixed order", "BKT, gaps", f"0 of {total:,}"):
        assert words in " ".join(out.split())


def test_where_the_figures_cannot_be_written_is_said_before(run, tmp_path):
    status, _, err = run("evaluate", "simulation", "--json", tmp_path / "none" / "figures.json")
    assert status == 2
    assert "no such folder" in err
