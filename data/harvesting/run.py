"""One harvest of one source while it goes on, whatever its protocol."""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from data.errors import GatewaysError
from data.formats.protocol import Refusal
from data.harvesting.holding import Check
from data.harvesting.progress import State
from data.records import Source

if TYPE_CHECKING:
    from data.harvesting.harvest import Harvester

LISTED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestReport:
    """What became of what one harvest read; the first refusals are listed.

    `pages` are those of a list of records, or packages; `error` says what could not be had of a
    harvest that came to its end all the same.
    """

    source: str
    kind: str
    full: bool
    pages: int
    counts: dict[str, int]
    refusals: tuple[Refusal, ...]
    warnings: tuple[str, ...]
    error: str | None
    seconds: float


@dataclass(slots=True)
class Run(ABC):
    """What a harvest has done so far. Its state is kept with the source step by step."""

    by: "Harvester"
    source: Source
    state: State
    check_held: Check
    pages_read: int = 0
    is_full: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @abstractmethod
    def pages(self, *, full: bool) -> Iterator[int]:
        """Take in page by page and yield how many records each had. Raises GatewaysError."""

    def report(self, seconds: float) -> HarvestReport:
        """What was done."""
        return HarvestReport(
            source=self.source.name,
            kind=self.source.kind,
            full=self.is_full,
            pages=self.pages_read,
            counts=self.counts,
            refusals=tuple(self.refusals),
            warnings=tuple(self.warnings),
            error=self.state.error,
            seconds=seconds,
        )

    def check_time(self) -> None:
        """Raise GatewaysError if others have waited long enough."""
        if time.time() - (self.state.tried or 0) > self.by.longest:
            raise GatewaysError(
                f"not at the end after {self.pages_read:,} pages and {self.by.longest / 3600:g} "
                "hours; the next harvest goes on from there"
            )

    def count(self, more: Mapping[str, int]) -> None:
        """Count what became of records."""
        self.state = self.state.counting(more)
        for name, number in more.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def note_refusal(self, refusal: Refusal) -> None:
        """List a refusal while there is room."""
        if len(self.refusals) < LISTED:
            self.refusals.append(refusal)

    def platform_for(self, dataset: str) -> str | None:
        """Whose a dataset is from its first row on, if the source says so."""
        return self.by.catalogue.sources.platform_for(self.source.name, dataset)

    def keep(self, state: State) -> None:
        """Keep how far the harvest is. Raises ConflictError where another has taken it over."""
        self.check_held()
        self.state = state
        self.by.catalogue.sources.keep_state(self.source.name, state.kept())
