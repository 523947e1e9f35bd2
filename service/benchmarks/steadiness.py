"""What a process holds over time, and whether that grows."""

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from evaluation.measures.bounded import Bounded, bounded
from evaluation.measures.resident import resident

WARM_UP: Final = 1 / 3
"""The part of the samples that is left out, while caches fill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a process holds at a moment: MiB in memory, open files, threads; MiB of its database."""

    time: float
    memory: float
    files: float
    threads: float
    database: float


def sample(process: int, database: Path) -> Sample:
    """Look at a process of this machine, by Linux's /proc. Raises OSError when it is gone."""
    told = Path(f"/proc/{process}/status").read_text()
    threads = re.search(r"^Threads:\s+(\d+)", told, re.MULTILINE)
    sizes = (file.stat().st_size for file in database.parent.glob(f"{database.name}*"))
    return Sample(
        time=time.time(),
        memory=resident(process).get("VmRSS", 0) / 1024,
        files=len(os.listdir(f"/proc/{process}/fd")),  # noqa: PTH208  names alone
        threads=float(threads[1]) if threads else 0.0,
        database=sum(sizes) / 2**20,
    )


def growth(samples: Sequence[Sample], what: str) -> Bounded:
    """By how much something grows an hour after the warm-up, with its 95 % interval.

    The median of the slopes between any two samples (Theil 1950, Sen 1968), which a few high
    samples do not move. Nothing is told of fewer than ten.
    """
    from scipy.stats import theilslopes

    kept = samples[int(len(samples) * WARM_UP) :]
    if len(kept) < 10:
        return Bounded(value=None, low=None, high=None)
    hours = np.array([one.time for one in kept]) / 3600
    found = theilslopes([getattr(one, what) for one in kept], hours - hours[0], 0.95)
    return bounded(found.slope, found.low_slope, found.high_slope)


def is_flat(found: Bounded) -> bool | None:
    """Whether what was seen may well be no growth at all; None where too little was seen."""
    return None if found.low is None else found.low <= 0
