"""Starts the real program in a tenth of the time, on a small disk, with a clock that can be bent.

A process of its own, `python -m tests.torture.nursery HOME DIALS [SIZE]`: it loads what the
program loads, then forks for each line of standard input, which is a command as JSON. With a SIZE
the home is a disk of so many bytes, in a mount namespace that ends with this process.
"""

import faulthandler
import importlib
import json
import mmap
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

LOADED = (
    "alembic.command",
    "sentence_transformers",
    "sqlalchemy.dialects.sqlite",
    "data.importing.importer",
    "gateways",
    "models.snapshots.publishing",
    "service.server",
)
STARTED: list[int] = []
"""The process that was started last; those before it have ended."""

CLOCK, COMMIT = 0, 8
"""Places of the dials: seconds by which the clock is wrong, and that every commit takes longer."""


def main(home: str, dials: str, size: str = "") -> None:
    """Answer each command with a line: the number of a process, or a status."""
    if size:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", home], check=True)
    faulthandler.dump_traceback_later(60)  # to tell where it is if that should hang
    for module in LOADED:
        importlib.import_module(module)
    faulthandler.cancel_dump_traceback_later()
    with Path(dials).open("r+b") as file:
        _bend(mmap.mmap(file.fileno(), 16))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    _say("born")
    for line in sys.stdin:
        asked = json.loads(line)
        ((what, how),) = asked.items()
        _say(DOES[what](**how))
    for process in STARTED:  # of a torture that was killed
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _bend(dials: mmap.mmap) -> None:
    from sqlalchemy import Engine, event

    real = time.time
    time.time = lambda: real() + struct.unpack_from("<d", dials, CLOCK)[0]

    @event.listens_for(Engine, "commit")
    def wait(_connection):
        time.sleep(struct.unpack_from("<d", dials, COMMIT)[0])


def _say(answer: object) -> None:
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def _start(arguments: list[str], log: str) -> int:
    if process := os.fork():
        STARTED[:] = [process]
        return process
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, to in ((0, nothing), (1, said), (2, said)):
        os.dup2(to, number)
    import gateways

    faulthandler.dump_traceback_later(45)  # to tell where it is if it should hang
    sys.argv = ["gateways", *arguments]
    status = 1
    try:
        gateways.main()
        status = 0
    except SystemExit as ended:
        status = ended.code or 0
    finally:
        sys.stderr.flush()
        Path(f"{log}.status").write_text(str(status))
        os._exit(status)


def _hold(file: str, seconds: float) -> int:
    """Keep others from writing to a database for a while."""
    with closing(sqlite3.connect(file, timeout=60)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.rollback()
    return 0


def _rows(file: str, statement: str) -> str:
    with closing(sqlite3.connect(file, timeout=60)) as connection:
        return json.dumps(connection.execute(statement).fetchall())


def _run(command: str) -> str:
    # It says its status itself: whoever is not waited for tells none.
    said = subprocess.run(f"{command} 2>&1; echo $?", shell=True, check=False, capture_output=True)
    return said.stdout.decode().split()[-1]


DOES = {"start": _start, "run": _run, "hold": _hold, "rows": _rows}

if __name__ == "__main__":
    main(*sys.argv[1:])
