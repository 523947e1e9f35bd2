"""When a run with workers is killed, none is left over, and the next run goes on where it was."""

import json
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from models.encoders.loading import load_encoder
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

RESOURCES = 2500
LONG = "Compare two fractions with different denominators. " * 60


def test_no_worker_outlives_a_killed_command_and_what_was_embedded_is_kept(
    program, tiny_folder: Path, tmp_path: Path
) -> None:
    _import_many(program, tmp_path / "many")
    load_encoder(str(tiny_folder), program.home / "models", backend="onnx")  # converts it
    program.settings = {"GATEWAYS_ENCODER": tiny_folder, "GATEWAYS_BACKEND": "onnx"}
    process = program.start("index", "--workers", 2, "--json")
    until = time.monotonic() + PATIENCE
    while not (kept := _kept(program.home)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGSTOP)  # or it might have ended by the time that it is killed
    workers = _workers(process.pid)

    process.kill()
    out, err = process.communicate(timeout=PATIENCE)
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE)

    assert len(workers) > 2
    assert alive == []
    assert out == ""
    assert "Traceback" not in err
    assert kept <= _kept(program.home) < RESOURCES


def _workers(command: int) -> list[psutil.Process]:
    """What a command has started, without Ray's agents.

    Those hold nothing, and look for the rest for a minute after a kill.
    """
    found = []
    for each in psutil.Process(command).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # some have ended already
            if "Agent" not in each.name():
                found.append(each)
    return found


def _import_many(program, folder: Path) -> None:
    folder.mkdir()
    outcome = {"id": "o", "framework": "f", "title": "Compare fractions", "language": "en"}
    (folder / "outcomes.jsonl").write_text(json.dumps(outcome) + "\n")
    rows = (
        {"id": f"r{n}", "title": f"Fractions of {n}", "description": LONG} for n in range(RESOURCES)
    )
    (folder / "resources.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    program.run("import", folder)


def _kept(home: Path) -> int:
    """How many vectors are in the cache."""
    for file in (home / "vectors").glob("*.sqlite"):
        reading = closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=PATIENCE))
        with reading as connection, suppress(sqlite3.OperationalError):  # before its table is there
            found: int = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
            return found
    return 0
