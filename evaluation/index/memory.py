"""What this process takes of the machine's memory."""

from dataclasses import dataclass

from evaluation.measures.resident import resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Mebibytes of its own, and of files that are mapped, which the system may take back."""

    own: float
    mapped: float

    def __sub__(self, other: "Memory") -> "Memory":
        return Memory(own=self.own - other.own, mapped=self.mapped - other.mapped)


def memory() -> Memory:
    """What is resident now; nothing where the system does not tell."""
    found = resident()
    return Memory(own=found.get("RssAnon", 0) / 1024, mapped=found.get("RssFile", 0) / 1024)
