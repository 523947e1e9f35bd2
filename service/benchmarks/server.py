"""The real server as a process of its own, and what it takes of the machine."""

import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import GatewaysError
from evaluation.measures.resident import resident
from service.benchmarks.load import HOST

READY: Final = re.compile(r"Gateways (?:is ready|answers) on http://[^:]+:(\d+)\s")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    port: int
    process: int

    @property
    def memory(self) -> dict[str, int]:
        """Resident MiB: all of it, and of files that are mapped; empty where Linux is not."""
        found = resident(self.process)
        return {name: found[name] // 1024 for name in ("VmRSS", "RssFile") if name in found}

    @property
    def processor_seconds(self) -> float:
        """Seconds of processors since it started, all its threads'; 0 where Linux is not."""
        try:
            fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def ask(self, path: str, body: bytes | None = None) -> None:
        """Get a path, or post a body of JSON to it. Raises GatewaysError if that is refused."""
        client = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            method = "GET" if body is None else "POST"
            client.request(method, path, body, {"Content-Type": "application/json"})
            response = client.getresponse()
            said = response.read().decode(errors="replace")
        finally:
            client.close()
        if response.status != http.client.OK:
            raise GatewaysError(f"the server answers {path} with {response.status}: {said}")


@contextmanager
def running(home: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Served]:
    """`gateways serve` on a free port of 127.0.0.1, whatever the settings say, until it is ready.

    Other settings are those of the `environment`. Raises GatewaysError, with what it said, if it
    does not start or is not ready.
    """
    command = [*(sys.executable, "-P", "-m", "gateways", "--home"), str(home), "serve"]
    # What it says goes into a file, which unlike a pipe takes all without being read.
    with (
        tempfile.NamedTemporaryFile() as said,
        subprocess.Popen(  # noqa: S603  the program itself, and no shell
            [*command, "--host", HOST, "--port", "0"],
            stderr=said,
            env={**environment, "GATEWAYS_LOG_LEVEL": "WARNING"},
        ) as process,
    ):
        try:
            served = Served(_port(process, Path(said.name)), process.pid)
            served.ask("/readyz")
            yield served
        finally:
            process.send_signal(signal.SIGTERM)


def _port(process: "subprocess.Popen[bytes]", said: Path) -> int:
    while not (found := READY.search(said.read_text(errors="replace"))):
        if process.poll() is not None:
            raise GatewaysError(f"serve did not start: {said.read_text(errors='replace').strip()}")
        time.sleep(0.01)
    return int(found[1])
