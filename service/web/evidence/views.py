"""A report as its page shows it: what is told of one platform or of all, part by part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from evaluation.evidence.figure import ALL, Figure
from evaluation.evidence.measures import MEASURES, Group, Unit
from evaluation.evidence.report import Change, Report
from evaluation.evidence.view import part, whole
from service.web import wording
from service.web.evidence.texts import NO_REASON, NOT_STATED
from service.web.labels import KINDS, REASONS
from service.web.languages import language_name

HEADLINES: Final = ("coverage", "open_licence", "accepted", "recent_alignments", "learners")
RESPECTS: Final = ("language", "kind", "level", "subject")
MOST_DRAWN: Final = 16
MOST_GAPS: Final = 10
MOST_CHANGES: Final = 12
_LEAST_CHANGE: Final = 0.0005
_KNOWN: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": KINDS,
    "reason": {reason.value: text for reason, text in REASONS.items()} | {NO_REASON: NO_REASON},
}
"""What a slice is by → its values that have a word in every language."""

Line: TypeAlias = tuple[str | None, tuple[Figure | None, ...]]
"""A slice, None for all together, and what is told of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page tells of one platform, or of all together (`*`)."""

    platform: str
    headlines: tuple[Figure, ...]
    platforms: tuple[tuple[str, str, tuple[Figure | None, ...]], ...]
    frameworks: tuple[Figure, ...]
    framework: str
    covered: tuple[tuple[str, tuple[Figure, ...]], ...]
    gaps: tuple[Figure, ...]
    openness: tuple[Figure, ...]
    openness_by: tuple[tuple[str, tuple[Figure, ...]], ...]
    use: tuple[Line, ...]
    scores: tuple[Line, ...]
    accepted_by: tuple[tuple[str, tuple[Figure, ...]], ...]
    accepted: Figure | None
    reasons: tuple[Figure, ...]
    agreement: Figure | None
    freshness: tuple[Figure, ...]
    practices: tuple[Figure, ...]
    changes: tuple[tuple[Figure, Change], ...]
    more_changes: int = field(default=0)


def shown(report: Report, platform: str, framework: str = "") -> Shown:
    """What there is to tell of a platform; `framework` is the one whose parts are told.

    Raises NotFoundError for a platform that is not in the report.
    """
    here = report.of(platform).figures
    frameworks = tuple(part(here, "coverage", "framework"))
    ids = [one.slice["framework"] for one in frameworks]
    chosen = framework if framework in ids else next(iter(ids), "")
    changed = _changes(report.of(platform))
    return Shown(
        platform=platform,
        headlines=_wholes(here, HEADLINES),
        platforms=_platforms(report) if platform == ALL else (),
        frameworks=frameworks,
        framework=chosen,
        covered=tuple(
            (by, found)
            for by in RESPECTS
            if chosen and (found := tuple(part(here, "coverage", by, chosen)))
        ),
        gaps=_widest(here),
        openness=_wholes(here, _ids(Group.OPENNESS)),
        openness_by=_parted(here, "open_licence", ("language", "kind")),
        use=_rows(here, ("interactions", "completions"), "kind"),
        scores=_rows(here, ("first_score", "last_score", "mastery_gained"), "framework"),
        accepted_by=_parted(here, "accepted", ("confidence", "language")),
        accepted=whole(here, "accepted"),
        reasons=_by_value(part(here, "rejection_reason", "reason")),
        agreement=whole(here, "agreement"),
        freshness=_wholes(here, _ids(Group.FRESHNESS)),
        practices=_by_value(part(here, "practice", "practice")),
        changes=changed[:MOST_CHANGES],
        more_changes=max(0, len(changed) - MOST_CHANGES),
    )


def called(by: str, value: str, report: Report) -> str:
    """The name of a slice in the reader's language; what has no name is told as it is."""
    if not value:
        return wording.current().messages.gettext(NOT_STATED)
    if by == "framework":
        return report.frameworks.get(value, value)
    if by == "language":
        return language_name(value)
    known = _KNOWN.get(by, {}).get(value)
    return str(wording.current().messages.gettext(known)) if known else value


def described(one: Figure, report: Report) -> str:
    """All of a figure's slices by name."""
    return " · ".join(called(by, value, report) for by, value in one.slice.items())


def is_drawn(figures: Sequence[Figure]) -> bool:
    """Whether a drawing of these says more than their table alone."""
    return 1 < len(figures) <= MOST_DRAWN and all(one.low is not None for one in figures)


def _platforms(report: Report) -> tuple[tuple[str, str, tuple[Figure | None, ...]], ...]:
    """Each platform with its name and its headlines."""
    found = {
        (one.platform, one.measure): one
        for one in report.figures
        if not one.slice and one.measure in HEADLINES
    }
    return tuple(
        (each.id, each.name, tuple(found.get((each.id, name)) for name in HEADLINES))
        for each in report.platforms
    )


def _ids(group: Group) -> list[str]:
    return [id_ for id_, measure in MEASURES.items() if measure.group is group]


def _wholes(figures: Sequence[Figure], measures: Sequence[str]) -> tuple[Figure, ...]:
    return tuple(found for name in measures if (found := whole(figures, name)))


def _parted(
    figures: Sequence[Figure], measure: str, respects: Sequence[str]
) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
    return tuple((by, found) for by in respects if (found := tuple(part(figures, measure, by))))


def _rows(figures: Sequence[Figure], measures: Sequence[str], by: str) -> tuple[Line, ...]:
    """A line for each slice, with its figure of each measure, and one for all together."""
    found = {(one.slice[by], name): one for name in measures for one in part(figures, name, by)}
    names = sorted({name for name, _ in found})
    lines = [(name, tuple(found.get((name, each)) for each in measures)) for name in names]
    wholes = tuple(whole(figures, each) for each in measures)
    return (*lines, (None, wholes)) if lines and any(wholes) else tuple(lines)


def _widest(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    gaps = (one for one in figures if one.measure == "coverage_gap")
    return _by_value(gaps)[:MOST_GAPS]


def _by_value(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(figures, key=lambda one: (-(one.value or 0.0), one.id)))


def _changes(report: Report) -> tuple[tuple[Figure, Change], ...]:
    """Shares that have changed, the most first."""
    shares = {one.id: one for one in report.figures if one.about.unit is Unit.SHARE}
    found = [
        (shares[one.figure], one)
        for one in report.changes
        if one.figure in shares and abs(one.difference) >= _LEAST_CHANGE
    ]
    return tuple(sorted(found, key=lambda pair: (-abs(pair[1].difference), pair[1].figure)))
