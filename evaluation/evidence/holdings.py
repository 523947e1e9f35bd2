"""What resources state of themselves: licence, price, whether they may be kept offline."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from data.catalogue.tallies import Holding
from evaluation.conformance.checks.licence import OPEN
from evaluation.conformance.licences import is_among, normalised
from evaluation.evidence.figure import ALL, Figure, Row, figure
from evaluation.evidence.naming import Naming

Asked: TypeAlias = Callable[[Holding], bool | None]


def is_open(licence: str | None) -> bool:
    """Whether a licence, however it is written, lets anybody use, change and share."""
    known = normalised(licence) if licence else None
    return known is not None and is_among(known, OPEN)


_ASKED: Final[dict[str, Asked]] = {
    "licence_stated": lambda one: bool((one.license or "").strip()),
    "open_licence": lambda one: is_open(one.license),
    "free": lambda one: one.free,
    "downloadable": lambda one: one.downloadable,
    "described": lambda one: one.described,
    "aligned": lambda one: one.aligned,
}
"""Measure → what is asked of a resource; None where it does not tell."""


def openness(holdings: Iterable[Holding], naming: Naming) -> list[Figure]:
    """Each measure of each platform and of all: as a whole, by language and by kind."""
    by_platform: dict[str, list[Holding]] = defaultdict(list)
    for one in holdings:
        for platform in (ALL, naming.platform(one.dataset)):
            by_platform[platform].append(one)
    return [
        found
        for platform, some in sorted(by_platform.items())
        for slice_, here in _sliced(some)
        for measure, asked in _ASKED.items()
        if (found := figure(measure, platform, slice_, _rows(here, asked)))
    ]


def _sliced(holdings: list[Holding]) -> Iterator[tuple[dict[str, str], list[Holding]]]:
    yield {}, holdings
    for by, of in (("language", _language), ("kind", _kind)):
        values = sorted({of(one) for one in holdings})
        for value in values:
            yield {by: value}, [one for one in holdings if of(one) == value]


def _rows(holdings: Iterable[Holding], asked: Asked) -> list[Row]:
    """A row for each language and kind of which anything is told."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in holdings:
        answer = asked(one)
        if answer is not None:
            counted = counts[f"{_language(one)}|{_kind(one)}"]
            counted[0] += one.resources if answer else 0
            counted[1] += one.resources
    return [Row(part, met, of) for part, (met, of) in sorted(counts.items())]


def _language(one: Holding) -> str:
    return one.language or ""


def _kind(one: Holding) -> str:
    return one.kind or ""
