"""The register: each platform with what it has and how its sources do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from data.catalogue import Catalogue
from data.catalogue.register import Holdings
from data.harvesting.progress import State
from data.records import Platform, Source


class Health(StrEnum):
    """How the last harvest of a source ended."""

    FINISHED = "finished"
    UNFINISHED = "unfinished"
    FAILED = "failed"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvested:
    """A source, how its last harvest ended, and when that was (Unix seconds)."""

    source: Source
    health: Health
    time: float | None

    @property
    def name(self) -> str:
        """What the source is called."""
        return self.source.name

    @property
    def platform(self) -> str | None:
        """The id of the platform that all it brings belongs to, if it is of one."""
        return self.source.platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A platform with what it has; None stands for what is of no platform."""

    platform: Platform | None
    holdings: Holdings
    sources: tuple[Harvested, ...]

    @property
    def latest(self) -> float | None:
        """When something was imported or harvested last (Unix seconds)."""
        times = (self.holdings.imported, *(one.time for one in self.sources))
        return max((time for time in times if time is not None), default=None)

    @property
    def awaited(self) -> tuple[Harvested, ...]:
        """Its sources of which it has nothing yet."""
        return tuple(
            one
            for one in self.sources
            if not any(one.source.brings(name) for name in self.holdings.datasets)
        )

    @property
    def failing(self) -> int:
        """How many of its sources could not be harvested the last time."""
        return sum(one.health is Health.FAILED for one in self.sources)


def register(catalogue: Catalogue) -> list[Registered]:
    """Every platform, by id; the last one is what is of none, if there is any."""
    holdings = catalogue.register.holdings()
    sources = [_harvested(one) for one in catalogue.sources.all()]
    found = [
        _registered(one, holdings.get(one.id, Holdings()), sources)
        for one in catalogue.platforms.all()
    ]
    if None in holdings:
        found.append(_registered(None, holdings[None], sources))
    return found


def _registered(
    platform: Platform | None, holdings: Holdings, sources: Sequence[Harvested]
) -> Registered:
    id_ = platform.id if platform else None
    theirs = tuple(
        one
        for one in sources
        if (id_ is not None and one.source.platform == id_)
        or any(one.source.brings(name) for name in holdings.datasets)
    )
    return Registered(platform=platform, holdings=holdings, sources=theirs)


def _harvested(source: Source) -> Harvested:
    state = State.of(source.state)
    if state.error:
        return Harvested(source=source, health=Health.FAILED, time=state.tried)
    if state.unfinished:
        return Harvested(source=source, health=Health.UNFINISHED, time=state.tried)
    if state.finished is None:
        return Harvested(source=source, health=Health.NEVER, time=None)
    return Harvested(source=source, health=Health.FINISHED, time=state.finished)
