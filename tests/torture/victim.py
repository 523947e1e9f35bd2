"""The program that is tortured: its processes, its disk, and whether it answers."""

import http.client
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.pages.program import free_port
from tests.patience import PATIENCE
from tests.torture.nursery import CLOCK, COMMIT

DISK = 48 * 2**20
ROOT = Path(__file__).parents[2]
APART = ["unshare", "--mount", "--propagation", "private"]
if os.geteuid() != 0:  # root has no need of a namespace of users, in which it would lose its rights
    APART += ["--user", "--map-root-user"]


class Victim:
    """One workspace on a disk of its own, and the server of it."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.home, self.log = folder / "home", folder / "server.log"
        self.url = settings.get("GATEWAYS_DATABASE_URL")
        self._dials = folder / "dials"
        self._dials.write_bytes(bytes(16))
        self.home.mkdir()
        self.has_disk = not subprocess.run(
            [*APART, "mount", "-t", "tmpfs", "none", self.home], check=False, capture_output=True
        ).returncode
        command = [sys.executable, "-m", "tests.torture.nursery", self.home, self._dials]
        self._nursery = subprocess.Popen(
            [str(part) for part in ([*APART, *command, DISK] if self.has_disk else command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder / "nursery.log").open("w"),
            text=True,
            cwd=ROOT,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", **settings},
        )
        assert self._nursery.stdout.readline() == "born\n", (folder / "nursery.log").read_text()
        self.port = free_port()
        self.process = 0
        self.is_damaged = False
        """Whether a copy of the database takes its place in a moment, and what is said now goes."""

    @property
    def _database(self) -> Path:
        return self.home / "catalogue.sqlite"

    @property
    def disk(self) -> Path:
        """The home as it is seen from here."""
        if not self.has_disk:
            return self.home
        return Path(f"/proc/{self._nursery.pid}/root{self.home}")

    def run(self, *arguments: object) -> tuple[int, str]:
        """Run a command of the program: its status, and what it said."""
        log = self.log.with_name("command.log")
        log.unlink(missing_ok=True)
        self._ended(self._started(arguments, log))
        return int(Path(f"{log}.status").read_text() or 1), log.read_text()

    def start(self) -> None:
        """Start the server, and wait until it answers or has ended."""
        assert not self.process
        Path(f"{self.log}.status").unlink(missing_ok=True)
        self.process = self._started(["serve", "--port", self.port], self.log)
        deadline = time.monotonic() + PATIENCE
        while _lives(self.process) and self.asked("/healthz")[0] != 200:
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.02)
        if not _lives(self.process):
            self.process = 0

    def kill(self) -> None:
        """End the server at once."""
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            self._ended(self.process)
            self.process = 0

    def signal(self, number: int) -> None:
        """Send the server a signal."""
        os.kill(self.process, number)

    def let_write(self, most: int = resource.RLIM_INFINITY) -> None:
        """Let the server's files grow to so many bytes."""
        resource.prlimit(self.process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def mount(self, how: str) -> int:
        """Mount the disk anew: `ro` or `rw`; the status."""
        command = f"mount -o remount,{how} {self.home}"
        return int(self._asked({"run": {"command": command}}))

    def hold(self, seconds: float) -> None:
        """Keep the server from writing to its database for a while."""
        self._asked({"hold": {"file": str(self._database), "seconds": seconds}})

    def rows(self, statement: str) -> list[list]:
        """What the database holds; asked from within, as SQLite finds its files by their names."""
        if self.url is None:
            asked = {"file": str(self._database), "statement": statement}
            return json.loads(self._asked({"rows": asked}))
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                return [list(row) for row in connection.execute(text(statement))]
        finally:
            engine.dispose()

    def turn(self, *, clock: float = 0.0, commit: float = 0.0) -> None:
        """Put the clock wrong, and make commits slow, by these seconds."""
        with self._dials.open("r+b") as dials:
            for place, value in ((CLOCK, clock), (COMMIT, commit)):
                dials.seek(place)
                dials.write(struct.pack("<d", value))

    def asked(self, path: str) -> tuple[int, dict]:
        """Get a path: the status, 0 for none, and the body."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            client.request("GET", path)
            response = client.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            client.close()

    def until_ready(self) -> dict:
        """Wait until it is ready; what it says of itself."""
        deadline = time.monotonic() + PATIENCE
        while (answer := self.asked("/readyz"))[0] != 200 or answer[1]["status"] != "ready":
            assert time.monotonic() < deadline, answer
            assert _lives(self.process), self.log.read_text()[-2000:]
            time.sleep(0.02)
        return answer[1]

    def close(self) -> None:
        """End all of it."""
        self.kill()
        self._nursery.stdin.close()
        self._nursery.wait(60)
        self._nursery.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _started(self, arguments, log: Path) -> int:
        words = ["--home", str(self.home), *map(str, arguments)]
        return int(self._asked({"start": {"arguments": words, "log": str(log)}}))

    def _asked(self, command: dict) -> str:
        self._nursery.stdin.write(json.dumps(command) + "\n")
        self._nursery.stdin.flush()
        return self._nursery.stdout.readline()

    @staticmethod
    def _ended(process: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while _lives(process):
            assert time.monotonic() < deadline
            time.sleep(0.005)


def _lives(process: int) -> bool:
    # Also while it is a zombie: its threads may hold the port as yet.
    return Path(f"/proc/{process}").exists()
