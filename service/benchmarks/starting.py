"""How long the program takes to start, beside a bare interpreter and a bare load of the model."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from data.errors import GatewaysError
from data.progress import progress_bar
from data.settings import Settings
from data.workspace import Workspace
from models.bundles.released import located
from models.snapshots.manifest import current_manifest
from service.benchmarks.server import running

LOAD: Final = """
import sys
from pathlib import Path
from models.encoders.loading import load_encoder
name, models, threads, backend = sys.argv[1:]
load_encoder(name, Path(models), int(threads), backend=backend).encode(["a text"])
"""


@dataclass(slots=True)
class Started:
    """Seconds from the start of a process to its end or, of the server, to its first answer."""

    python: list[float] = field(default_factory=list)
    help: list[float] = field(default_factory=list)
    status: list[float] = field(default_factory=list)
    model: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    @property
    def over_model(self) -> float:
        """How many times as long the server takes as the model's load and first vector alone."""
        return median(self.server) / median(self.model)

    def over_python(self, name: str) -> float:
        """How many times as long a command takes as an interpreter that does nothing."""
        return float(median(getattr(self, name)) / median(self.python))


def measure(settings: Settings, rounds: int) -> Started:
    """Start each in turns, so that whatever else the machine does meets them alike.

    Raises NotFoundError when the workspace has no index, GatewaysError when one does not start.
    """
    workspace = Workspace(settings.home)
    index = current_manifest(workspace.snapshots)
    encoder = located(index.encoder, workspace.models)
    told = (encoder, str(workspace.models), str(settings.threads), index.backend)
    program = ("-P", "-m", "gateways", "--home", str(settings.home))
    commands = {
        "python": ("-c", "pass"),
        "help": (*program, "--help"),
        "status": (*program, "status"),
        "model": ("-c", LOAD, *told),
    }
    found = Started()
    with progress_bar("Rounds", rounds) as progress:
        for _ in range(rounds):
            for name, arguments in commands.items():
                getattr(found, name).append(_ended(arguments))
            began = time.perf_counter()
            with running(settings.home):
                found.server.append(time.perf_counter() - began)
            progress(1)
    return found


def _ended(arguments: tuple[str, ...]) -> float:
    began = time.perf_counter()
    ran = subprocess.run(  # noqa: S603  this program itself, and no shell
        [sys.executable, *arguments], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise GatewaysError(f"bench start: {arguments[-1]}: {ran.stderr.strip()}")
    return time.perf_counter() - began
