"""When a source is to be harvested again, for those that say how often."""

from typing import Final

from data.harvesting.progress import State
from data.records import Source

EVERY: Final = "every"
"""The option that says so, in hours."""

LONGEST_HOURS: Final = 8784  # a leap year
_AN_HOUR: Final = 3600.0


def due_at(source: Source) -> float | None:
    """When (Unix seconds): so long after it was tried or noted. None for by hand alone."""
    if (hours := source.options.get(EVERY)) is None:
        return None
    return (State.of(source.state).tried or source.created) + int(hours) * _AN_HOUR


def is_due(source: Source, now: float) -> bool:
    """Whether its time has come."""
    at = due_at(source)
    return at is not None and at <= now
