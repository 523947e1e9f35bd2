"""The command, on the sample catalogue."""

import json
import shutil

import pytest


@pytest.fixture
def home(sample_home, tmp_path):
    return shutil.copytree(sample_home, tmp_path / "workspace")


def test_a_report_is_kept_given_away_and_compared_with_the_next(run, home, tmp_path):
    status, out, _ = run("evidence", "--out", tmp_path / "out", home=home)
    assert status == 0
    assert "gateways" in out
    files = {file.name: file.read_text("utf-8") for file in (tmp_path / "out").iterdir()}
    assert set(files) == {"evidence.json", "evidence.csv", "rows.csv", "evidence.html"}
    first = json.loads(files["evidence.json"])
    assert first["since"] is None
    (kept,) = (home / "evidence").glob("*.json")
    assert kept.read_text("utf-8") == files["evidence.json"]
    status, out, _ = run("evidence", "--json", "--platform", "gateways-sample", home=home)
    assert status == 0
    second = json.loads(out)
    assert second["since"] == first["made"]
    assert {one["platform"] for one in second["figures"]} == {"gateways-sample"}


def test_an_unknown_platform_is_told_and_nothing_is_kept(run, home):
    status, _, err = run("evidence", "--platform", "nowhere", home=home)
    assert status == 2
    assert "there are gateways-sample" in err
    assert not (home / "evidence").exists()


def test_noise_comes_by_the_setting_and_the_same_twice(run, home, monkeypatch):
    monkeypatch.setenv("GATEWAYS_EVIDENCE_EPSILON", "5")
    told = [json.loads(run("evidence", "--json", home=home)[1]) for _ in range(2)]
    learners = [[one["value"] for one in each["figures"] if one["group"] == "use"] for each in told]
    assert learners[0] == learners[1]
    assert told[0]["protection"]["scales"]["interactions"] == [9.0, 90.0]


def test_a_report_that_cannot_be_read_does_not_stop_the_next(run, home):
    run("evidence", home=home)
    (file,) = (home / "evidence").glob("*.json")
    file.write_text("{}")
    status, _, err = run("evidence", home=home)
    assert status == 0
    assert "nothing is compared with it" in err
