"""What an import did: counts, refusals and warnings."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from data.formats.protocol import Refusal

LISTED = 1000  # refusals, and removed ids of a kind, that a report lists; it counts them all


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCounts:
    """Rows of one kind by their fate. `retired` ones are among the `removed`."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    removed: int = 0
    retired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of each row; the first refusals and removed ids of each kind are listed.

    `waiting` rows lead to outcomes that are not in the catalogue yet, and were left out.
    """

    dataset: str
    dry_run: bool
    counts: dict[str, KindCounts]
    refusals: tuple[Refusal, ...]
    removed: dict[str, tuple[str, ...]]
    warnings: tuple[str, ...]
    waiting: int
    rows: int
    seconds: float

    @property
    def taken(self) -> int:
        """Rows that are in the catalogue now, by this import or by one before."""
        return sum(one.new + one.changed + one.unchanged for one in self.counts.values())

    @property
    def refused(self) -> int:
        """Rows that were refused, listed or not."""
        return sum(one.refused for one in self.counts.values())


@dataclass(slots=True)
class Tally:
    """The report while it is being made."""

    on_refusal: Callable[[Refusal], None]
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    removed: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)

    def begin(self, kind: str) -> None:
        """Count a kind from here on, even if it has no row."""
        self.counts[kind] = Counter()

    def add(self, kind: str, fate: str, number: int = 1) -> None:
        """Count rows of one fate."""
        self.counts[kind][fate] += number

    def refuse(self, kind: str, refusal: Refusal) -> None:
        """Count a refusal and list it while there is room."""
        self.add(kind, "refused")
        self.on_refusal(refusal)
        if len(self.refusals) < LISTED:
            self.refusals.append(refusal)

    def wait(self, kind: str) -> None:
        """Count a row that is left out until what it points at is there."""
        self.waiting[kind] += 1

    def warn(self, warning: str) -> None:
        """Say what the reader of the report should know though nothing was refused for it."""
        self.warnings.append(warning)

    def remove(self, kind: str, keys: Iterable[tuple[str, ...]]) -> None:
        """Count rows that the dataset has no longer and list them while there is room."""
        names = [" ".join(key) for key in keys]
        self.add(kind, "removed", len(names))
        self.removed[kind] = names[:LISTED]

    def report(self, *, dataset: str, dry_run: bool, seconds: float) -> ImportReport:
        """Finish."""
        read = ("new", "changed", "unchanged", "refused")
        return ImportReport(
            dataset=dataset,
            dry_run=dry_run,
            counts={kind: KindCounts(**counter) for kind, counter in self.counts.items()},
            refusals=tuple(sorted(self.refusals, key=lambda one: (one.file, one.line))),
            removed={kind: tuple(names) for kind, names in self.removed.items() if names},
            warnings=(*self.warnings, *map(_waits, self.waiting.items())),
            waiting=self.waiting.total(),
            rows=sum(counter[fate] for counter in self.counts.values() for fate in read),
            seconds=seconds,
        )


def _waits(counted: tuple[str, int]) -> str:
    kind, number = counted
    return (
        f"{kind}: {number:,} left out until the outcomes that they lead to are in the catalogue; "
        "import those, then this again"
    )
