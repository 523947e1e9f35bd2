import json

import pytest

from evaluation.benchmark.comparison import Comparison
from models.bundles.released import champion

pytestmark = pytest.mark.slow

SPLITS = ("train", "train", "dev", "test", "train")


@pytest.fixture
def quick(workspace, telling_folder):
    """Options for a run that takes seconds."""
    return ("--way", "lora", "--base", telling_folder, "--epochs", "0.5")


def state_of(folder):
    """Every file, and when it was last written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_what_was_decided_ends_as_a_challenger_that_can_be_promoted(run, workspace, quick):
    status, out, err = run("retrain", "--by", "resource", *quick, "--json")
    assert status == 0, err
    told = json.loads(out)
    assert (told["version"], told["champion"]) == ("3", "1")
    assert 0 < told["mean_f2"] <= 1
    compared = json.loads(run("models", "compare", "champion", "challenger", "--json")[1])
    assert (compared["before"], compared["after"]) == ("1", "3")
    assert compared["objections"] == told["comparison"]["objections"] == []
    status, _, err = run("models", "promote", "challenger")
    assert status == 0, err
    assert champion(workspace.home / "models").version == "3"


def test_a_person_is_told_the_steps_the_change_and_what_speaks_against_it(
    run, quick, labelled_folder, monkeypatch
):
    command = ("retrain", "--dataset", labelled_folder("split", splits=SPLITS), *quick)
    status, out, err = run(*command)
    assert status == 0, err
    assert "3 of 5: evaluating it and the champion, version 1" in err
    assert "`gateways models promote 3`" in err
    assert "mean_f2" in out
    monkeypatch.setattr(Comparison, "objections", lambda *_: ("F2 falls", "Hindi falls"))
    status, _, err = run(*command)
    assert status == 0
    assert "against it in place of the champion:\n  - F2 falls\n  - Hindi falls\n" in err
    assert "`gateways models promote 3 --force --reason TEXT`" in err


def test_a_dry_run_tells_what_would_be_done_and_changes_nothing(
    run, workspace, quick, labelled_folder
):
    folder = labelled_folder("split", splits=SPLITS)
    before = state_of(workspace.home.parent)
    status, out, _ = run("retrain", "--dry-run")
    assert status == 0
    assert "Would freeze 240 accepted and 0 rejected alignments by outcome" in out
    status, out, _ = run("retrain", "--dry-run", "--dataset", folder)
    assert status == 0
    assert f"on {folder} (ranker, from e5-oak)" in out
    assert f"(lora, from {quick[3]})" in run("retrain", "--dry-run", "--dataset", folder, *quick)[1]
    assert state_of(workspace.home.parent) == before


@pytest.mark.parametrize("more", [(), ("--dataset", "split")])
def test_a_dry_run_notices_a_base_that_is_not_there(run, workspace, labelled_folder, more):
    folder = labelled_folder("split", splits=SPLITS)
    command = (
        "retrain",
        "--dry-run",
        "--base",
        "nothing",
        *(folder if one == "split" else one for one in more),
    )
    status, out, err = run(*command)
    assert (status, out) == (2, "")
    assert "'nothing'" in err


def test_word_lists_go_along_to_what_is_trained(run, quick, labelled_folder, tmp_path):
    folder = labelled_folder("split", splits=SPLITS)
    (tmp_path / "en.tsv").write_text("abacus\tfr\tboulier\n")
    status, out, err = run(
        "retrain", "--dataset", folder, *quick, "--translations", tmp_path, "--json"
    )
    assert status == 0, err
    version = json.loads(run("models", "show", json.loads(out)["version"], "--json")[1])
    assert len(version["parameters"]["translations"]) == 16


def test_too_little_ends_in_a_line(run, workspace, labelled_folder):
    folder = labelled_folder("small", splits=("train", "dev"))
    for more in ((), ("--dry-run",)):
        status, _, err = run("retrain", "--dataset", folder, *more)
        assert (status, "Traceback" in err) == (2, False)
        assert f"{folder}: too little to retrain on: no alignment in split «test»" in err
