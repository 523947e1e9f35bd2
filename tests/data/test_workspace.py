import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import ConflictError, GatewaysError
from data.workspace import Workspace

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from data.workspace import Workspace
with Workspace(Path(sys.argv[1])).writing("import"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(tmp_path):
    """A process that holds the workspace in `tmp_path`."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_every_path_is_in_the_home(tmp_path):
    workspace = Workspace(tmp_path / "home")
    paths = [workspace.database, workspace.snapshots, workspace.models, workspace.vectors]
    assert {path.parent for path in paths} == {tmp_path / "home"}
    assert len(set(paths)) == 4
    assert not workspace.home.exists()


def test_writing_makes_the_home(tmp_path):
    with Workspace(tmp_path / "a" / "b").writing("import"):
        assert (tmp_path / "a" / "b").is_dir()


def test_a_second_writer_is_told_who_is_at_it(tmp_path, other):
    expected = rf"`gateways import` \(process {other.pid}, since \d\d:\d\d:\d\d\).*try again"
    with (
        pytest.raises(ConflictError, match=expected),
        Workspace(tmp_path).writing("index"),
    ):
        pytest.fail("two write at once")


def test_a_second_writer_that_can_say_so_waits_for_the_first(tmp_path, other):
    said = []

    def say(line):
        said.append(line)
        other.kill()

    with Workspace(tmp_path).writing("index", say):
        assert json.loads((tmp_path / "writing.json").read_text())["job"] == "index"
    (line,) = said
    assert f"`gateways import` (process {other.pid}, " in line
    assert line.endswith("waiting until it ends")


def test_a_killed_writer_leaves_the_workspace_free(tmp_path, other):
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    with Workspace(tmp_path).writing("index"):
        pass


def test_two_writers_in_one_process_exclude_each_other_too(tmp_path):
    workspace = Workspace(tmp_path)
    with (
        workspace.writing("import"),
        pytest.raises(ConflictError, match="gateways import"),
        workspace.writing("index"),
    ):
        pytest.fail("two write at once")
    with workspace.writing("index"):
        pass


def test_a_failed_job_leaves_the_workspace_free(tmp_path):
    with pytest.raises(KeyError), Workspace(tmp_path).writing("import"):
        raise KeyError
    with Workspace(tmp_path).writing("index"):
        pass
    assert not (tmp_path / "writing.json").exists()


def test_a_failure_of_the_disk_in_a_job_is_not_taken_for_one_of_the_lock(tmp_path):
    with pytest.raises(OSError, match="28"), Workspace(tmp_path).writing("import"):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("note", ["", "{", "{}", "null"])
def test_a_damaged_note_of_who_is_at_it_still_gives_a_message(tmp_path, note):
    workspace = Workspace(tmp_path)
    with workspace.writing("import"):
        (tmp_path / "writing.json").write_text(note)
        with (
            pytest.raises(ConflictError, match="another gateways process is writing"),
            workspace.writing("index"),
        ):
            pytest.fail("two write at once")


def test_a_lock_that_was_taken_in_vain_is_let_go(tmp_path):
    workspace = Workspace(tmp_path)
    (tmp_path / "writing.json").mkdir()
    with pytest.raises(GatewaysError, match="cannot be written to") as kept, workspace.writing("x"):
        pytest.fail("wrote without saying who writes")
    (tmp_path / "writing.json").rmdir()
    with workspace.writing("index"):
        assert kept.value  # and its frames are alive, so that nothing was let go by chance


def test_a_home_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        with (
            pytest.raises(GatewaysError, match=rf"{home}: cannot be written to"),
            Workspace(home).writing("import"),
        ):
            pytest.fail("wrote to a file")
