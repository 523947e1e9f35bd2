import os

import pytest
from filelock import FileLock

from data.errors import GatewaysError
from models.workers.ray_runtime import OWNER, PREFIX, connect, sweep
from tests.pages.program import free_port


@pytest.mark.parametrize("port", [None, 99999], ids=["nobody-listens", "no-port"])
def test_a_cluster_that_is_not_there_is_told_at_once(port):
    address = f"127.0.0.1:{port or free_port()}"
    with pytest.raises(GatewaysError, match=f"Ray at {address} does not answer"):
        connect(2, address, 0)


def test_what_killed_processes_left_is_removed_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left, held, young = (tmp_path / f"{PREFIX}{name}" for name in ("left", "held", "young"))
    for folder in (left, held, young, tmp_path / f"{PREFIX}of-another-version"):
        folder.mkdir()
    for folder in (left, held, young):
        (folder / OWNER).touch()
    with FileLock(held / OWNER):
        for folder in (left, held):
            os.utime(folder / OWNER, (1.0, 1.0))
        sweep()
    assert sorted(path.name.removeprefix(PREFIX) for path in tmp_path.iterdir()) == [
        "held",
        "of-another-version",
        "young",
    ]
