"""Mixed load on a real server for a long time, while indexes are published and taken back."""

import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from socket import gethostname
from typing import Final

from data.catalogue import Catalogue
from data.errors import GatewaysError
from data.progress import progress_bar
from data.records import Resource
from data.settings import Settings
from data.workspace import Workspace
from models.snapshots.manifest import published
from service.benchmarks.mixed import Asked, Mixture, ask
from service.benchmarks.own_home import own_environment, own_settings
from service.benchmarks.server import running
from service.benchmarks.steadiness import Sample, sample

SAMPLE: Final = Path(__file__).parents[2] / "data" / "sample"
BETWEEN: Final = 30.0
"""Seconds from one change of the index to the next."""


@dataclass(slots=True)
class Soaked:
    """What was asked, how often an index was published or taken back, and what was held."""

    minutes: float
    asked: Asked = field(default_factory=Asked)
    samples: list[Sample] = field(default_factory=list)
    published: int = 0
    taken_back: int = 0


def soak(minutes: float, clients: int, every: float) -> Soaked:
    """Load `gateways serve` with the sample catalogue, in a folder that is removed again.

    What it holds is looked at every so many seconds. Raises GatewaysError when a command fails.
    """
    found = Soaked(minutes)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        _run(home, "import", str(SAMPLE))
        _run(home, "index")
        settings = own_settings(home)
        with (
            Catalogue.open(settings.catalogue_url) as catalogue,
            running(home, own_environment()) as served,
        ):
            resources = [one.id for one in catalogue.resources.page(limit=200).items]
            outcomes = [one.id for one in catalogue.outcomes.live() if one.assignable]
            over = threading.Event()
            asking = [
                threading.Thread(
                    target=ask,
                    args=(served.port, Mixture(resources, outcomes, seed), found.asked, over),
                )
                for seed in range(clients)
            ]
            for thread in asking:
                thread.start()
            try:
                _watch(found, served.process, settings, catalogue, every)
            finally:
                over.set()
                for thread in asking:
                    thread.join()
    return found


def _watch(
    found: Soaked, process: int, settings: Settings, catalogue: Catalogue, every: float
) -> None:
    """Look at the server until the time is over, and have it change its index now and then."""
    database = Workspace(settings.home).database
    end, change = time.monotonic() + 60 * found.minutes, time.monotonic() + BETWEEN
    with progress_bar("Soaking", int(60 * found.minutes)) as progress:
        while (now := time.monotonic()) < end:
            found.samples.append(sample(process, database))
            if now >= change:
                _change_index(found, settings, catalogue)
                change = time.monotonic() + BETWEEN
            time.sleep(every)
            progress(int(time.monotonic() - now))


def _change_index(found: Soaked, settings: Settings, catalogue: Catalogue) -> None:
    """Publish an index with one resource more, or have the one before serve, as a rollback does."""
    folders = published(Workspace(settings.home).snapshots)
    if found.published > found.taken_back and len(folders) > 1:
        catalogue.servers.want(folders[1].name, host=gethostname(), now=time.time())
        found.taken_back += 1
        return
    made = Resource(id=f"soaked-{found.published}", title=f"Lesson {found.published} on water")
    catalogue.resources.create(made)
    _run(settings.home, "index")
    found.published += 1


def _run(home: Path, command: str, *arguments: str) -> None:
    """One command of the program. Raises GatewaysError with what it said."""
    done = subprocess.run(  # noqa: S603  the program itself, and no shell
        [sys.executable, "-P", "-m", "gateways", "--home", str(home), command, *arguments],
        env=own_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise GatewaysError(f"bench soak: {command} failed: {done.stderr[-1000:].strip()}")
