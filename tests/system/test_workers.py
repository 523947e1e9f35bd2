"""However a run with workers ends, none is left over, and the next run goes on where it was."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RESOURCES = 2500
WITHIN = 120


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_command_and_what_was_embedded_is_kept(
    program, tmp_path: Path, ended_by: signal.Signals
) -> None:
    _import_many(program, tmp_path / "many")
    process = _index_with_workers(program)
    until = time.monotonic() + WITHIN
    while not (kept := _kept(program.home)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.2)
    started = psutil.Process(process.pid).children(recursive=True)
    # Ray's two agents, which hold nothing, look for the rest for a minute after a kill.
    workers = [each for each in started if ended_by == signal.SIGINT or "Agent" not in each.name()]

    # Ctrl-C reaches the whole group, as a terminal sends it.
    os.killpg(process.pid, signal.SIGINT) if ended_by == signal.SIGINT else process.kill()
    out, err = process.communicate(timeout=60)
    _, alive = psutil.wait_procs(workers, timeout=30)

    assert len(workers) > 2
    assert alive == []
    assert process.returncode not in {0, 2}
    assert out == ""
    assert "Traceback" not in err
    assert kept <= _kept(program.home) < RESOURCES


def _import_many(program, folder: Path) -> None:
    folder.mkdir()
    outcome = {"id": "o", "framework": "f", "title": "Compare fractions", "language": "en"}
    (folder / "outcomes.jsonl").write_text(json.dumps(outcome) + "\n")
    resources = ({"id": f"r{n}", "title": f"Fractions of {n}"} for n in range(RESOURCES))
    (folder / "resources.jsonl").write_text("".join(json.dumps(row) + "\n" for row in resources))
    program.run("import", folder)


def _index_with_workers(program) -> "subprocess.Popen[str]":
    command = [sys.executable, ROOT / "gateways.py", "--home", program.home, "index"]
    return subprocess.Popen(
        [*map(str, command), "--workers", "2", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1", **program.settings},
        start_new_session=True,
        # A shell starts what is in the background deaf to Ctrl-C.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def _kept(home: Path) -> int:
    """How many vectors are in the cache."""
    for file in (home / "vectors").glob("*.sqlite"):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
            found: int = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
            return found
    return 0
