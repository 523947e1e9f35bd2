import json
import sqlite3
from contextlib import closing, nullcontext

import pytest

from models.ranking.background import background_texts
from service.benchmarks.made_up import MadeUp


@pytest.mark.slow  # it starts a real server, and loads its model beside it
def test_the_server_and_the_bare_calls_are_loaded_in_one_run(run, settings, monkeypatch):
    monkeypatch.setattr("service.benchmarks.serving.WARM_UP_SECONDS", 0.2)
    options = ("--seconds", 1, "--rounds", 1, "--clients", 4, "--json")
    status, out, _ = run("bench", "serve", *options, home=settings.home)
    assert status == 0
    told = json.loads(out)
    assert told["http"]["failed"] == told["bare"]["failed"] == 0
    assert told["http"]["answers"] > 0
    assert told["bare"]["p50_ms"] > 0
    assert told["overhead"] == pytest.approx(
        told["bare"]["per_second"] / told["http"]["per_second"], rel=0.01
    )


@pytest.mark.slow  # it starts a real server
def test_a_server_is_asked_more_than_its_capacity(run, settings, monkeypatch):
    monkeypatch.setattr("service.benchmarks.overload.WARM_UP_SECONDS", 0.2)
    options = ("--seconds", 1, "--times", "0.5,2", "--json")
    status, out, _ = run("bench", "overload", *options, home=settings.home)
    assert status == 0
    told = json.loads(out)
    for load in told["loads"]:
        came = load["answered"] + load["refused"] + load["late"] + load["failed"]
        assert (came, load["failed"]) == (load["sent"], 0)
        assert load["answered"] > 0
        assert load["peak"] > 0


@pytest.mark.slow  # three starts that load a model
def test_each_start_is_timed_beside_its_bare_part(run, settings):
    status, out, _ = run("bench", "start", "--rounds", 1, "--json", home=settings.home)
    assert status == 0
    told = json.loads(out)
    assert set(told["seconds"]) == {"python", "help", "status", "model", "server"}
    assert told["ratio"]["server"] == pytest.approx(
        told["seconds"]["server"] / told["seconds"]["model"], rel=0.05
    )


@pytest.mark.slow  # two commands in processes of their own, one of which opens a model
def test_each_job_has_its_rate_for_each_size_and_leaves_what_people_work_in_alone(
    run, tmp_path, monkeypatch
):
    own = tmp_path / "own.sqlite"
    monkeypatch.setenv("GATEWAYS_DATABASE_URL", f"sqlite:///{own}")
    monkeypatch.setattr(
        "service.benchmarks.growing.tempfile.TemporaryDirectory", lambda: nullcontext(tmp_path)
    )
    status, out, _ = run("bench", "growth", "--rows", "40", "--json")
    assert status == 0
    told = json.loads(out)
    assert [step["job"] for step in told] == ["import", "import again", "index", "align"]
    assert all(step["rows"] == 40 and step["seconds"] > 0 for step in told)
    assert not own.exists()
    (vectors,) = (tmp_path / "home" / "vectors").glob("*.sqlite")
    with closing(sqlite3.connect(vectors)) as kept:
        (count,) = kept.execute("SELECT count(*) FROM vectors").fetchone()
    assert count == MadeUp(40).outcomes + 40 + sum(map(len, background_texts()))


def test_sizes_that_are_no_numbers_are_refused(run):
    status, _, said = run("bench", "growth", "--rows", "10,many")
    assert status == 2
    assert "--rows 10,many" in said


def test_a_home_that_people_work_in_is_not_filled_with_what_is_made_up(run, settings):
    status, _, said = run("bench", "serve", "--rows", 10, home=settings.home)
    assert status == 2
    assert "name a new folder" in said
