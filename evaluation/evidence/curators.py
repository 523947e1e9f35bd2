"""What curators accept, why they reject, how far they agree, and how fresh all of it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from data.catalogue.judgements import Concord, Judgement
from data.catalogue.tallies import Age
from evaluation.evidence.figure import ALL, Figure, Row, figure
from evaluation.evidence.naming import Naming

DAY: Final = 86_400
YEAR: Final = 365 * DAY
NO_REASON: Final = "none given"
_EDGES: Final = (0.25, 0.5, 0.75, 0.9)
_BANDS: Final = ("0–0.25", "0.25–0.5", "0.5–0.75", "0.75–0.9", "0.9–1")


def curators(
    judgements: Iterable[Judgement], concords: Sequence[Concord], naming: Naming
) -> list[Figure]:
    """Acceptance, reasons and agreement of each platform's resources, and of all."""
    by_platform: dict[str, list[Judgement]] = defaultdict(list)
    for one in judgements:
        for platform in (ALL, naming.platform(one.dataset)):
            by_platform[platform].append(one)
    figures: list[Figure | None] = []
    for platform, some in sorted(by_platform.items()):
        figures += _accepted(platform, some)
        figures += _reasons(platform, some)
        present = Row("", sum(one.is_present for one in some), len(some))
        figures.append(figure("present_decisions", platform, {}, [present]))
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


def _accepted(platform: str, judgements: Sequence[Judgement]) -> Iterator[Figure | None]:
    shown = [
        (one.language or "", band(one.confidence), one.accepted)
        for one in judgements
        if one.confidence is not None and not one.in_bulk
    ]
    yield figure("accepted", platform, {}, _rows((part, yes) for part, _, yes in shown))
    for language in sorted({part for part, _, _ in shown}):
        rows = _rows((inner, yes) for part, inner, yes in shown if part == language)
        yield figure("accepted", platform, {"language": language}, rows)
    for name in _BANDS:
        rows = _rows((part, yes) for part, inner, yes in shown if inner == name)
        yield figure("accepted", platform, {"confidence": name}, rows)


def _reasons(platform: str, judgements: Sequence[Judgement]) -> Iterator[Figure | None]:
    given = Counter(
        one.reason.value if one.reason else NO_REASON for one in judgements if not one.accepted
    )
    for reason, count in sorted(given.items()):
        row = Row("", count, given.total())
        yield figure("rejection_reason", platform, {"reason": reason}, [row])


def _rows(answers: Iterable[tuple[str, bool]]) -> list[Row]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for part, yes in answers:
        counts[part][0] += yes
        counts[part][1] += 1
    return [Row(part, met, of) for part, (met, of) in sorted(counts.items())]


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
