"""Work that workers import by this name."""

import os
import signal
from pathlib import Path

from data.errors import GatewaysError


def refusing(part, _progress):
    if "word 40" in part:
        raise GatewaysError("there is no such model; copy it to this machine")
    return part


class ShoutedAfterADeath:
    """The first process that is asked dies as one that takes too much memory does."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __call__(self, part, _progress):
        if not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return [word.upper() for word in part]


def deadly(part, _progress):
    os.kill(os.getpid(), signal.SIGKILL)
