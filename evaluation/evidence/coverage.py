"""How much of each curriculum there are resources for, by language, kind, level and subject."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from data.catalogue.tallies import Served, Target
from evaluation.evidence.editions import Editions
from evaluation.evidence.figure import ALL, Figure, Row, figure
from evaluation.evidence.naming import Naming

NOT_STATED = ""
Test: TypeAlias = Callable[[str], bool]


@dataclass(slots=True)
class Shelf:
    """Outcome → the languages and the kinds of the resources that one platform has for it."""

    languages: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, one: Served) -> None:
        """Take in the resources of one language and kind."""
        self.languages[one.outcome].add(one.language or NOT_STATED)
        self.kinds[one.outcome].add(one.kind or NOT_STATED)


def shelves(served: Iterable[Served], naming: Naming) -> dict[str, Shelf]:
    """What each platform has, and what all have together."""
    found: dict[str, Shelf] = defaultdict(Shelf)
    for one in served:
        for platform in (ALL, naming.platform(one.dataset)):
            found[platform].add(one)
    return dict(found)


def coverage(targets: Sequence[Target], found: dict[str, Shelf], known: Editions) -> list[Figure]:
    """The coverage of each framework; of one platform, of those that it serves.

    Of a curriculum that is there in several editions the totals count one.
    """
    by_framework: dict[str, list[Target]] = defaultdict(list)
    for one in targets:
        by_framework[one.framework].append(one)
    figures: list[Figure] = []
    for platform, shelf in sorted(found.items()):
        here = {
            name: outcomes
            for name, outcomes in sorted(by_framework.items())
            if platform == ALL or any(one.id in shelf.languages for one in outcomes)
        }
        figures += _of_platform(platform, shelf, here, known.counted(here))
    return figures


def _of_platform(
    platform: str, shelf: Shelf, frameworks: dict[str, list[Target]], counted: set[str]
) -> Iterator[Figure]:
    def has_any(outcome: str) -> bool:
        return outcome in shelf.languages

    together = {name: some for name, some in frameworks.items() if name in counted}
    yield from _told("coverage", platform, {}, _rows(together, has_any))
    reached = {
        name: [one for one in outcomes if has_any(one.id)] for name, outcomes in together.items()
    }
    rows = _rows(reached, lambda outcome: len(shelf.languages[outcome] - {NOT_STATED}) > 1)
    yield from _told("several_languages", platform, {}, rows)
    for framework, outcomes in frameworks.items():
        yield from _of_framework(platform, shelf, framework, outcomes)


def _of_framework(
    platform: str, shelf: Shelf, framework: str, outcomes: Sequence[Target]
) -> Iterator[Figure]:
    here = {"framework": framework}
    by_subject = _parted(outcomes, _subjects)
    yield from _told(
        "coverage", platform, here, _rows(by_subject, lambda outcome: outcome in shelf.languages)
    )
    for by, has in (("language", shelf.languages), ("kind", shelf.kinds)):
        for value in sorted(set().union(*has.values())):
            rows = _rows(by_subject, lambda id_, v=value, h=has: v in h.get(id_, ()))  # type: ignore[misc]
            yield from _told("coverage", platform, here | {by: value}, rows)
    for by, of, within in (("level", _levels, _subjects), ("subject", _subjects, _levels)):
        for value, some in _parted(outcomes, of).items():
            parts = _parted(some, lambda one, w=within: ("|".join(w(one)),))  # type: ignore[misc]
            rows = _rows(parts, lambda outcome: outcome in shelf.languages)
            yield from _told("coverage", platform, here | {by: value}, rows)


def _told(
    measure: str, platform: str, slice_: dict[str, str], rows: Iterable[Row]
) -> Iterator[Figure]:
    if found := figure(measure, platform, slice_, rows):
        yield found


def _rows(parts: dict[str, list[Target]], has: Test) -> list[Row]:
    return [
        Row(name, sum(has(one.id) for one in outcomes), len(outcomes))
        for name, outcomes in parts.items()
    ]


def _parted(
    outcomes: Iterable[Target], of: Callable[[Target], tuple[str, ...]]
) -> dict[str, list[Target]]:
    """Outcomes by part; one with several levels is in several."""
    found: dict[str, list[Target]] = defaultdict(list)
    for one in outcomes:
        for name in of(one):
            found[name].append(one)
    return dict(sorted(found.items()))


def _subjects(one: Target) -> tuple[str, ...]:
    return (one.subject or NOT_STATED,)


def _levels(one: Target) -> tuple[str, ...]:
    return one.levels or (NOT_STATED,)
