"""Where a process spends its time, told by py-spy, a sampling profiler that looks from outside."""

import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data.errors import GatewaysError

STAGES: Final[Mapping[str, str]] = {
    "_work (service/engine/batching.py": "encoding",
    "near (models/ranking/neighbours.py": "search: resources near",
    "candidates (models/alignment/retrieval.py": "search: candidates",
    "of (models/ranking/features.py": "rank: features",
    "alike (models/ranking/features.py": "rank: features",
    "scores (models/ranking/ranker.py": "rank: scores",
    "moved (models/ranking/ranker.py": "rank: reasons' scores",
    "_told (models/alignment/aligner.py": "rank: reasons",
    "_proposed (models/alignment/aligner.py": "rank: confidence, how many",
    "rank (models/alignment/aligner.py": "rank: all else",
    "record_showings (data/catalogue/ledger.py": "ledger",
    "follow (service/engine/queueing.py": "curators' queue",
    "fill_some (service/engine/queueing.py": "curators' queue",
}
"""A frame → the stage of an answer that it belongs to; the innermost of a stack counts."""

ELSE: Final = "HTTP, JSON, threads"


def stage_of(stack: str) -> str:
    """The stage of a stack of frames, the outermost first, with semicolons between."""
    for frame in reversed(stack.split(";")):
        name, _, place = frame.partition(" (")
        for inside, stage in STAGES.items():
            function, _, file = inside.partition(" (")
            if name.rpartition(".")[2] == function and file in place:
                return stage
    return ELSE


@contextmanager
def sampled(process: int) -> Iterator[Counter[str]]:
    """Sample a process meanwhile; afterwards the counter has the samples of each stage.

    Raises GatewaysError when py-spy is not installed.
    """
    program = shutil.which("py-spy")
    if program is None:
        raise GatewaysError("--profile: needs py-spy; `pip install py-spy` mends it")
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        command = [program, "record", "--pid", str(process), "--format", "raw", "--nonblocking"]
        with subprocess.Popen(  # noqa: S603  a program that the user installed, and no shell
            [*command, "--full-filenames", "--duration", "unlimited", "--output", str(raw)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as profiler:
            yield found
            profiler.send_signal(signal.SIGINT)  # it then writes what it has
        for line in raw.read_text().splitlines():
            stack, _, count = line.rpartition(" ")
            found[stage_of(stack)] += int(count)
