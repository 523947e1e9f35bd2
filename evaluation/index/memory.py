"""What this process takes of the machine's memory."""

import re
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")  # of Linux


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Mebibytes of its own, and of files that are mapped, which the system may take back."""

    own: float
    mapped: float

    def __sub__(self, other: "Memory") -> "Memory":
        return Memory(own=self.own - other.own, mapped=self.mapped - other.mapped)


def memory() -> Memory:
    """What is resident now; nothing where the system does not tell."""
    told = _STATUS.read_text() if _STATUS.exists() else ""
    found = {name: int(kilo) / 1024 for name, kilo in re.findall(r"Rss(\w+):\s+(\d+) kB", told)}
    return Memory(own=found.get("Anon", 0.0), mapped=found.get("File", 0.0))
