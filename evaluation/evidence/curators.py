"""What curators accept, why they reject, how far they agree, and how fresh all of it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from data.catalogue.judgements import Concord, Judgement
from data.catalogue.tallies import Age
from evaluation.evidence.figure import ALL, Figure, Row, figure
from evaluation.evidence.naming import Naming

DAY: Final = 86_400
YEAR: Final = 365 * DAY
NO_REASON: Final = "none given"
_EDGES: Final = (0.25, 0.5, 0.75, 0.9)
_BANDS: Final = ("0–0.25", "0.25–0.5", "0.5–0.75", "0.75–0.9", "0.9–1")


class Said(NamedTuple):
    """What verdicts have in common; `band` is of what was shown and decided on one by one."""

    language: str
    band: str | None
    accepted: bool
    reason: str
    is_present: bool


def curators(
    judgements: Iterable[Judgement], concords: Sequence[Concord], naming: Naming
) -> list[Figure]:
    """Acceptance, reasons and agreement of each platform's resources, and of all."""
    by_platform: dict[str, Counter[Said]] = defaultdict(Counter)
    for one in judgements:
        for platform in (ALL, naming.platform(one.dataset)):
            by_platform[platform][_said(one)] += 1
    figures: list[Figure | None] = []
    for platform, counts in sorted(by_platform.items()):
        figures += _accepted(platform, counts)
        figures += _reasons(platform, counts)
        present = sum(count for said, count in counts.items() if said.is_present)
        row = Row("", present, counts.total())
        figures.append(figure("present_decisions", platform, {}, [row]))
    figures += _of_datasets(
        "agreement", naming, [(one.dataset, one.alike, one.pairs) for one in concords]
    )
    return [one for one in figures if one]


def freshness(ages: Sequence[Age], naming: Naming) -> list[Figure]:
    """How old the alignments of each platform's resources are."""
    figures = [
        *_of_datasets(
            "alignment_age", naming, [(one.dataset, one.seconds / DAY, one.pairs) for one in ages]
        ),
        *_of_datasets(
            "recent_alignments", naming, [(one.dataset, one.recent, one.pairs) for one in ages]
        ),
    ]
    return [one for one in figures if one]


def band(confidence: float) -> str:
    """The name of the band that a confidence is in; its lower end belongs to it."""
    return _BANDS[sum(confidence >= edge for edge in _EDGES)]


def _said(one: Judgement) -> Said:
    return Said(
        language=one.language or "",
        band=None if one.confidence is None or one.in_bulk else band(one.confidence),
        accepted=one.accepted,
        reason=one.reason.value if one.reason else NO_REASON,
        is_present=one.is_present,
    )


def _accepted(platform: str, counts: Counter[Said]) -> Iterator[Figure | None]:
    shown = {said: count for said, count in counts.items() if said.band is not None}
    yield figure("accepted", platform, {}, _rows(shown, "language"))
    for language in sorted({said.language for said in shown}):
        some = {said: count for said, count in shown.items() if said.language == language}
        yield figure("accepted", platform, {"language": language}, _rows(some, "band"))
    for name in _BANDS:
        some = {said: count for said, count in shown.items() if said.band == name}
        yield figure("accepted", platform, {"confidence": name}, _rows(some, "language"))


def _reasons(platform: str, counts: Counter[Said]) -> Iterator[Figure | None]:
    given: Counter[str] = Counter()
    for said, count in counts.items():
        given[said.reason] += 0 if said.accepted else count
    for reason, count in sorted((+given).items()):
        row = Row("", count, given.total())
        yield figure("rejection_reason", platform, {"reason": reason}, [row])


def _rows(counts: Mapping[Said, int], by: str) -> list[Row]:
    """Accepted of all, for each value of a field."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for said, count in counts.items():
        counted = found[getattr(said, by)]
        counted[0] += count if said.accepted else 0
        counted[1] += count
    return [Row(part, met, of) for part, (met, of) in sorted(found.items())]


def _of_datasets(
    measure: str, naming: Naming, counted: Iterable[tuple[str, float, float]]
) -> Iterator[Figure | None]:
    """A figure of each platform and of all; its rows are datasets."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for dataset, numerator, denominator in counted:
        for platform in (ALL, naming.platform(dataset)):
            rows[platform].append(Row(dataset, numerator, denominator))
    for platform, some in sorted(rows.items()):
        yield figure(measure, platform, {}, some)
