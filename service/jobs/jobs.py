"""Jobs: commands of this program that were started from a page, and that outlive the server.

Each is a folder of the workspace: what was asked for, what the command printed, and how it ended. A
lock of the operating system says whether it runs; unlike a process id it is never someone else's.
"""

import fcntl
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from data.durable import replace_text
from data.errors import ConflictError, NotFoundError, UnavailableError
from data.workspace import Workspace
from service.jobs.runner import ASKED, ENDED, LOCK, LOG

CANCELLED: Final = "cancelled.json"
RUNNER: Final = "runner.json"
ROOT: Final = Path(__file__).parents[2]
"""Where this program's own modules lie, wherever it was started."""

TAIL: Final = 20_000
"""Bytes of a log's end that are read."""

_ID: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_PROGRESS: Final = re.compile(r"^(?P<what>.+): (?P<done>[\d,]+) of (?P<total>[\d,]+)$")


class State(StrEnum):
    """Where a job is; `INTERRUPTED` is one of which nobody saw the end, as when power fails."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A command that was started, by whom and when (Unix seconds).

    `what` is the kind of work, `arguments` are those of the program after `--home`. `ended` and
    `status` are None as long as they are not known.
    """

    id: str
    what: str
    arguments: tuple[str, ...]
    by: str
    started: float
    state: State
    ended: float | None = None
    status: int | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.state is State.RUNNING


@dataclass(frozen=True, slots=True)
class Step:
    """How far a command said it is with one of its steps."""

    what: str
    done: int
    total: int


class Jobs:
    """The jobs of one workspace."""

    def __init__(self, home: Path) -> None:
        self._home = home.resolve()
        self._folder = Workspace(home).jobs

    def start(self, what: str, arguments: Sequence[str], by: str) -> Job:
        """Start a command of this program in the background. Raises UnavailableError."""
        now = time.time()
        id_ = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{secrets.token_hex(3)}"
        asked = {"what": what, "arguments": list(arguments), "by": by, "started": now}
        folder = self._folder / id_
        try:
            folder.mkdir(parents=True)
            replace_text(folder / ASKED, json.dumps(asked, ensure_ascii=False))
            self._spawn(folder)
        except OSError as error:
            raise UnavailableError(f"{folder}: cannot be started ({error.strerror})") from error
        return self.get(id_)

    def all(self, what: str | None = None) -> list[Job]:
        """Every job, or those of one kind, the newest first."""
        found = (path.parent.name for path in self._folder.glob(f"*/{ASKED}"))
        jobs = (self.get(name) for name in found if _ID.fullmatch(name))
        wanted = (job for job in jobs if what in (None, job.what))
        return sorted(wanted, key=lambda job: job.started, reverse=True)

    def latest(self, *kinds: str) -> Job | None:
        """The newest job of these kinds."""
        return next((job for job in self.all() if job.what in kinds), None)

    def get(self, id_: str) -> Job:
        """The job of that id. Raises NotFoundError."""
        folder = self._folder / id_
        asked = _read(folder / ASKED) if _ID.fullmatch(id_) else None
        if asked is None:
            raise NotFoundError(f"job {id_!r} is not known in this workspace")
        # In this order: one that ends meanwhile has then written how.
        runs = _is_locked(folder / LOCK)
        ended = _read(folder / ENDED) or {}
        return Job(
            id=id_,
            what=asked["what"],
            arguments=tuple(asked["arguments"]),
            by=asked["by"],
            started=asked["started"],
            state=_state(folder, ended, runs=runs),
            ended=ended.get("ended"),
            status=ended.get("status"),
        )

    def tail(self, id_: str) -> list[str]:
        """The last lines that a job printed; where on the machine the workspace lies is no part."""
        self.get(id_)
        try:
            with (self._folder / id_ / LOG).open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL))
                said = log.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return []
        for place in (self._home, ROOT):
            said = said.replace(f"{place}/", "")
        return said.splitlines()

    def cancel(self, id_: str, by: str) -> None:
        """End a job's processes. Raises ConflictError when it does not run any more."""
        job = self.get(id_)
        runner = _read(self._folder / id_ / RUNNER)
        if not job.is_running or runner is None:
            raise ConflictError(f"job {id_!r} does not run any more")
        said = json.dumps({"by": by, "time": time.time()}, ensure_ascii=False)
        replace_text(self._folder / id_ / CANCELLED, said)
        # The group is ours while the lock is held, since its members are who hold it.
        os.killpg(runner["pid"], signal.SIGTERM)

    def _spawn(self, folder: Path) -> None:
        """Start the runner, which takes over the lock that is held here until it runs."""
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            process = subprocess.Popen(  # noqa: S603  the program itself, and no shell
                [
                    *(sys.executable, "-P", "-m", "service.jobs.runner"),
                    *(str(folder.resolve()), str(self._home), str(lock.fileno())),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": _places()},
                pass_fds=(lock.fileno(),),
                start_new_session=True,
            )
            replace_text(folder / RUNNER, json.dumps({"pid": process.pid}))
        # Nobody else would take note of its end, and its entry would stay in the process table.
        threading.Thread(target=process.wait, name="waiting for a job", daemon=True).start()


def _places() -> str:
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def step_of(lines: Sequence[str]) -> Step | None:
    """How far the command is with what it does, where that is the last thing that it said."""
    found = _PROGRESS.match(lines[-1]) if lines else None
    if found is None:
        return None
    done, total = (int(found[name].replace(",", "")) for name in ("done", "total"))
    return Step(found["what"], min(done, total), max(1, total))


def _state(folder: Path, ended: dict[str, Any], *, runs: bool) -> State:
    if ended and ended["status"] == 0:
        return State.FINISHED
    if not ended and runs:
        return State.RUNNING
    if (folder / CANCELLED).is_file():
        return State.CANCELLED
    return State.FAILED if ended else State.INTERRUPTED


def _is_locked(file: Path) -> bool:
    """Whether a process of the job is alive; that readers share the lock misleads no other."""
    try:
        with file.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
