"""The workspace: one folder that holds all state, and the lock that guards it."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from data.errors import ConflictError, GatewaysError


@dataclass(frozen=True, slots=True)
class Workspace:
    """Names every path below the home folder; makes folders only when they are written to."""

    home: Path

    @property
    def database(self) -> Path:
        """The SQLite file of the catalogue."""
        return self.home / "catalogue.sqlite"

    @property
    def snapshots(self) -> Path:
        """Published index and model pairs."""
        return self.home / "snapshots"

    @property
    def models(self) -> Path:
        """Encoders restored or trained here."""
        return self.home / "models"

    @property
    def registry(self) -> Path:
        """What was trained here, with its reports: MLflow's store and artefacts."""
        return self.home / "registry"

    @property
    def learner_model(self) -> Path:
        """What was learned of this platform's learners."""
        return self.home / "learner.json"

    @property
    def learner_models(self) -> Path:
        """Those that served before it or do, and which: files and a pointer."""
        return self.home / "learner-models"

    @property
    def uploads(self) -> Path:
        """Files that were dropped on a page to be imported, a folder each."""
        return self.home / "uploads"

    @property
    def vectors(self) -> Path:
        """The cache of embedded texts, one file an encoder."""
        return self.home / "vectors"

    @property
    def aligning(self) -> Path:
        """Indexes that workers read while a batch is aligned, a folder each."""
        return self.home / "aligning"

    @property
    def retraining(self) -> Path:
        """What runs of `retrain` have made so far, a folder each."""
        return self.home / "retraining"

    @property
    def frozen(self) -> Path:
        """Datasets made of decisions, and which split each id was given."""
        return self.home / "frozen"

    @property
    def profiles(self) -> Path:
        """Profiles to judge the catalogue by, besides those that ship: a TOML file each."""
        return self.home / "profiles"

    @property
    def evidence(self) -> Path:
        """Reports of evidence that were made, and the secret that their noise is drawn by."""
        return self.home / "evidence"

    @property
    def jobs(self) -> Path:
        """What was started from a page, a folder each."""
        return self.home / "jobs"

    @property
    def lti(self) -> Path:
        """The keys that learning platforms know us by."""
        return self.home / "lti"

    @contextmanager
    def writing(self, job: str, say: Callable[[str], None] | None = None) -> Iterator[None]:
        """Hold the workspace for one long job; a second job is told who has it.

        It is refused, or where it has a way to `say` so, it waits. Raises what `exclusive` does.
        """
        holder = self.home / "writing.json"
        with exclusive(self.home / "writing.lock", lambda: _occupied(self.home, holder), say):
            said = json.dumps({"job": job, "pid": os.getpid(), "since": time.time()})
            try:
                holder.write_text(said)
            except OSError as error:
                raise _unwritable(self.home, error) from error
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)


@contextmanager
def exclusive(
    file: Path, busy: Callable[[], str], say: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold a lock file, whose folder is made; `busy` says who has it where another process does.

    Then ConflictError is raised or, where there is a way to `say` so, that process's end waited
    for. Raises GatewaysError when nothing can be written there. The lock is the operating system's,
    so it goes with a process that is killed.
    """
    lock = FileLock(file, blocking=False)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            if say is None:
                raise ConflictError(f"{busy()}; wait until it ends, then try again") from None
            say(f"{busy()}; waiting until it ends")
            lock.acquire(blocking=True)
    except OSError as error:
        raise _unwritable(file.parent, error) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(folder: Path, error: OSError) -> GatewaysError:
    return GatewaysError(f"{folder}: cannot be written to ({error.strerror})")


def _occupied(home: Path, holder: Path) -> str:
    try:
        held = json.loads(holder.read_text())
        since = time.strftime("%H:%M:%S", time.localtime(held["since"]))
        who = f"`gateways {held['job']}` (process {held['pid']}, since {since})"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another gateways process"
    return f"{home}: {who} is writing to this workspace"
