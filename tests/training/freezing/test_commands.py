import json
from pathlib import Path

import pytest

from data.workspace import Workspace

SAMPLE = Path(__file__).parents[3] / "data" / "sample"


@pytest.fixture
def home(run, tmp_path):
    run("import", SAMPLE)
    return tmp_path / "home"


def test_freeze_tells_what_it_made_and_that_it_was_there(run, home):
    status, out, err = run("freeze", "--by", "resource")
    assert (status, out) == (0, "")
    assert "frozen; use it with --dataset" in err
    assert "train: 311 accepted, 0 rejected" in err
    assert "left out: 12 requires" in err
    _, _, again = run("freeze", "--by", "resource")
    assert "was frozen before" in again


def test_freeze_says_the_same_as_json(run, home, tmp_path):
    status, out, _ = run("freeze", "--by", "resource", "--out", tmp_path / "out", "--json")
    said = json.loads(out)
    assert status == 0
    assert said["folder"] == str(tmp_path / "out")
    assert (said["by"], said["made"]) == ("resource", True)
    assert said["splits"]["train"]["accepted"] == 311


def test_an_empty_catalogue_is_an_error_that_says_what_to_do(run):
    status, _, err = run("freeze")
    assert status == 2
    assert "import a dataset that has some, or accept suggestions" in err


def test_shares_that_leave_nothing_to_train_on_are_an_error(run, home):
    status, _, err = run("freeze", "--dev", "0.5", "--test", "0.5")
    assert status == 2
    assert "shares" in err


def test_another_job_in_the_workspace_is_waited_for(run, home):
    with Workspace(home).writing("index"):
        status, _, err = run("freeze")
    assert status == 2
    assert "`gateways index`" in err
