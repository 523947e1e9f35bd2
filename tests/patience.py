"""How tests wait: a busy machine is slow, and what comes at once waits for none."""

import time
from collections.abc import Callable

PATIENCE = 180.0  # seconds


def until(reached: Callable[[], object], said: Callable[[], object] = str) -> None:
    """Wait for a state; `said` tells what there was instead."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)
