"""An outcome as an index holds it."""

from dataclasses import dataclass

from data.records import Outcome


@dataclass(frozen=True, slots=True)
class Entry:
    """One outcome of the index: its record, the titles down to it, and the levels that hold."""

    outcome: Outcome
    path: tuple[str, ...]
    levels: tuple[str, ...]
