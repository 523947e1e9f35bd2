"""The real server as a process of its own, and what it takes of the machine."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.errors import GatewaysError

READY: Final = re.compile(r"Gateways (?:is ready|answers) on http://[^:]+:(\d+)")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    port: int
    process: int

    @property
    def memory(self) -> dict[str, int]:
        """Resident MiB: all of it, and of files that are mapped; empty where Linux is not."""
        try:
            status = Path(f"/proc/{self.process}/status").read_text()
        except OSError:
            return {}
        found = dict(re.findall(r"^(VmRSS|RssFile):\s+(\d+) kB", status, re.MULTILINE))
        return {name: int(value) // 1024 for name, value in found.items()}

    @property
    def processor_seconds(self) -> float:
        """Seconds of processors since it started, all its threads'; 0 where Linux is not."""
        try:
            fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def running(home: Path) -> Iterator[Served]:
    """`gateways serve` on a free port of 127.0.0.1. Raises GatewaysError if it does not start."""
    command = [*(sys.executable, "-P", "-m", "gateways", "--home"), str(home), "serve"]
    with subprocess.Popen(  # noqa: S603  the program itself, and no shell
        [*command, "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GATEWAYS_LOG_LEVEL": "WARNING"},
    ) as process:
        try:
            yield Served(_port(process), process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def _port(process: "subprocess.Popen[str]") -> int:
    said: list[str] = []
    for line in process.stderr or ():
        if found := READY.search(line):
            return int(found[1])
        said.append(line)
    raise GatewaysError(f"serve did not start: {''.join(said).strip()}")
