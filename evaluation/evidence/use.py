"""What learners do and how far they come, told of no cell with few of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeAlias

from data.catalogue.use import Attempts, Did
from evaluation.evidence.cells import Cell, Key, Sums, Told
from evaluation.evidence.counting import Counting
from evaluation.evidence.figure import ALL, Figure, Row, figure
from evaluation.evidence.naming import Naming
from evaluation.evidence.privacy import Privacy, Table

LEARNERS: Final = Table(name="learners", most=0, width=0)
INTERACTIONS: Final = Table(name="interactions", most=50)
COMPLETIONS: Final = Table(name="completions", most=50)
SCORES: Final = Table(name="scores", most=20, width=3)
TABLES: Final = (LEARNERS, INTERACTIONS, COMPLETIONS, SCORES)
QUERIES: Final = sum(1 + table.width for table in TABLES)
"""Numbers of a cell, all tables together; the budget of a report is divided by them."""

OTHERS: Final = "others"
Place: TypeAlias = tuple[str, str | None]
"""A platform, and a part of it or the whole."""

MakeRow: TypeAlias = Callable[[str, Cell], Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What could be told, by what the catalogue holds: the kinds of each platform, frameworks.

    It rests on no learner, so that which cells there are tells nothing of them.
    """

    kinds: Mapping[str, Collection[str]]
    framework_of: Mapping[str, str]

    @property
    def by_kind(self) -> list[Key]:
        """Each kind of each platform, and what has none or is gone."""
        return [(name, kind) for name, kinds in self.kinds.items() for kind in {*kinds, ""}]

    @property
    def by_framework(self) -> list[Key]:
        """Each framework with each platform."""
        frameworks = set(self.framework_of.values())
        return [(name, framework) for name in self.kinds for framework in frameworks]


def use(
    did: Iterable[Did],
    attempts: Iterable[Attempts],
    domain: Domain,
    naming: Naming,
    privacy: Privacy,
) -> list[Figure]:
    """Learners, interactions, completions and scores, of each platform and of all."""
    platforms = [(name, "") for name in domain.kinds]
    learners = Counting(LEARNERS, platforms, privacy)
    interactions = Counting(INTERACTIONS, domain.by_kind, privacy)
    completions = Counting(COMPLETIONS, domain.by_kind, privacy)
    scores = Counting(SCORES, domain.by_framework, privacy)
    for some in _of_learners(did):
        done = _by_kind(some, domain, naming)
        learners.add({(platform, ""): () for platform, _ in done})
        interactions.add({key: sums[:1] for key, sums in done.items()})
        completions.add({key: sums[1:] for key, sums in done.items() if sums[1]})
    for tries in _of_learners(attempts):
        scores.add(_scores(tries, domain, naming))
    each = None if privacy.epsilon is None else privacy.epsilon / QUERIES
    by_kind = interactions.told(each)
    scored = scores.told(each)
    return [
        *_figures("learners", learners.told(each), "", _learners),
        *_figures("interactions", by_kind, "kind", _first),
        *_figures("completions", completions.told(each), "kind", _first),
        *_figures("first_score", scored, "framework", _mean(1)),
        *_figures("last_score", scored, "framework", _mean(2)),
        *_figures("mastery_gained", scored, "framework", _gain),
    ]


def _of_learners(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """The rows of each learner, which come one after the other."""
    return (list(some) for _, some in groupby(rows, key=lambda row: row.learner))


def _by_kind(some: Iterable[Did], domain: Domain, naming: Naming) -> dict[Key, Sums]:
    """Interactions and completions of one learner; what is of no platform any more is left out."""
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for one in some:
        platform = naming.platform(one.dataset)
        if platform in domain.kinds:
            kind = one.kind if one.kind in domain.kinds[platform] else ""
            sums = found[platform, kind or ""]
            sums[0] += one.interactions
            sums[1] += one.completions
    return {key: tuple(sums) for key, sums in found.items()}


def _scores(some: Iterable[Attempts], domain: Domain, naming: Naming) -> dict[Key, Sums]:
    """For one learner: outcomes attempted twice or more, sums of first and of last scores."""
    ends: dict[tuple[str, str], list[Attempts]] = defaultdict(list)
    for one in some:
        for outcome in one.outcomes:
            ends[naming.platform(one.dataset), outcome].append(one)
    found: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for (platform, outcome), tries in ends.items():
        framework = domain.framework_of.get(outcome)
        if framework and platform in domain.kinds and sum(one.attempts for one in tries) > 1:
            sums = found[platform, framework]
            sums[0] += 1
            sums[1] += min(tries, key=lambda one: one.first_time).first
            sums[2] += max(tries, key=lambda one: one.last_time).last
    return {key: tuple(sums) for key, sums in found.items()}


def _figures(measure: str, found: Told, by: str, row: MakeRow) -> list[Figure]:
    """A figure of each platform and of all, as a whole and by `by`; what is kept back is named."""
    rows: dict[Place, list[Row]] = defaultdict(list)
    empty: dict[Place, list[Row]] = defaultdict(list)
    for cell in found.cells:
        if by and not cell.learners and not cell.key[1]:
            continue  # nothing there is of no kind
        for place, part in _places(cell.key, by):
            (rows if cell.learners else empty)[place].append(row(part, cell))
    for pool in found.pools:
        key = (pool.platform, OTHERS)
        for place, part in _places(key, ""):
            rows[place].append(row(part, Cell(key, 0, pool.sums)))
    hidden = {place for key in found.withheld for place, _ in _places(key, by)}
    # That some cells are empty does not make a total where others are kept back.
    told = {place: rows[place] or empty[place] for place in {*rows, *empty} - hidden}
    told |= {place: rows[place] for place in hidden}
    ordered = sorted(told, key=lambda place: (place[0], place[1] or ""))
    figures = (_told(measure, place, by, told[place]) for place in ordered)
    return [one for one in figures if one]


def _places(key: Key, by: str) -> Iterator[tuple[Place, str]]:
    """The figures that a cell belongs to, and what its row is called there."""
    platform, name = key
    for place, part in ((platform, name), (ALL, f"{platform}|{name}")):
        yield (place, None), part
        if by:
            yield (place, name), part


def _told(measure: str, place: Place, by: str, rows: Sequence[Row]) -> Figure | None:
    platform, name = place
    slice_ = {} if name is None else {by: name}
    if not rows:
        return Figure(measure=measure, platform=platform, slice=slice_)
    return figure(measure, platform, slice_, rows)


def _learners(part: str, cell: Cell) -> Row:
    return Row(part, cell.learners)


def _first(part: str, cell: Cell) -> Row:
    return Row(part, cell.sums[0])


def _mean(number: int) -> MakeRow:
    def row(part: str, cell: Cell) -> Row:
        return Row(part, cell.sums[number], cell.sums[0])

    return row


def _gain(part: str, cell: Cell) -> Row:
    """What came to the first scores by the last, of what they lacked of a full one."""
    tried, first, last = cell.sums
    return Row(part, last - first, tried - first)
