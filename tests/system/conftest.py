"""The real program in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]


class Program:
    """Runs `gateways` on one workspace."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.settings = {"GATEWAYS_ENCODER": "minilm"}

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        """Start a command without waiting for it."""
        command = [sys.executable, ROOT / "gateways.py", "--home", self.home, *arguments]
        return subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "HF_HUB_OFFLINE": "1", **self.settings},
        )

    def run(self, *arguments: object, status: int = 0) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end, which must have this status."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=5 * PATIENCE)
        assert process.returncode == status, f"{arguments}: {process.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def kill_after(self, seconds: float, *arguments: object) -> None:
        """Start a command and kill it with SIGKILL unless it has ended by then."""
        process = self.start(*arguments)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()

    def kill_once(self, said: str, seconds: float, *arguments: object) -> None:
        """Start a command and kill it with SIGKILL so long after it has told of a step."""
        process = self.start(*arguments)
        assert process.stderr is not None
        told = any(line.startswith(said) for line in process.stderr)
        assert told, process.communicate()
        time.sleep(seconds)
        process.kill()
        process.communicate()

    def serve(self, port: int) -> "subprocess.Popen[str]":
        """Start the server and wait until it answers."""
        process = self.start("serve", "--port", port)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert process.poll() is None, process.communicate()
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=10)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return process
        process.kill()
        raise AssertionError(f"not ready within {PATIENCE} s: {process.communicate()}")


@pytest.fixture(scope="session")
def program_on() -> type[Program]:
    """Makes the program on a workspace."""
    return Program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program on a new workspace."""
    return Program(tmp_path / "home")
