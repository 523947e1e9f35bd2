"""A report → one HTML page that needs no network and no script, made to be printed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from evaluation.evidence import view
from evaluation.evidence.figure import ALL, Figure
from evaluation.evidence.measures import MEASURES
from evaluation.evidence.practices import ENOUGH
from evaluation.evidence.report import Report
from evaluation.evidence.tables import ONE_LINER
from evaluation.reporting.document import environment

_NAMES: Mapping[str, str] = {
    "framework": "Curriculum",
    "language": "Language",
    "kind": "Kind of resource",
    "level": "Level",
    "subject": "Subject",
    "confidence": "Confidence of the suggestion",
    "reason": "Reason",
    "by": "Curriculum and respect",
    "practice": "Practice",
}
_GROUPS: Mapping[str, str] = {
    "coverage": "How much of the curricula is covered",
    "gaps": "Who is served worst",
    "openness": "How open and complete the resources are",
    "use": "What learners do and how far they come",
    "curators": "What curators accept",
    "freshness": "How fresh the alignments are",
    "practices": "What platforms with the best coverage do differently",
}
MOST_DRAWN = 20
"""Figures beyond which a drawing would be longer than its table."""


def page(report: Report, platform: str | None = None) -> str:
    """The page of one platform, or of all together and then of each."""
    ids = [platform] if platform else [ALL, *(one.id for one in report.platforms)]
    names = {one.id: one.name for one in report.platforms} | {ALL: "All platforms together"}
    made = environment(Path(__file__).parent / "templates")
    made.filters |= {
        "written": view.written,
        "interval": view.interval,
        "counted": view.counted,
        "day": _day,
        "points": lambda value: f"{100 * value:+.0f}".replace("-", "−"),
        "named": lambda id_: names[id_],
    }
    return made.get_template("evidence.html").render(
        report=report,
        chapters=[(id_, names[id_], view.sections(report.of(id_))) for id_ in ids],
        names=names,
        slices=_NAMES,
        groups=_GROUPS,
        called=lambda one: _called(one, report),
        edition_note=lambda one: view.edition_note(one, report),
        most=lambda some: max(abs(end) for one in some for end in (one.low, one.high)),
        drawn=lambda some: len(some) <= MOST_DRAWN and all(one.low is not None for one in some),
        enough=ENOUGH,
        one_liner=ONE_LINER,
    )


def _called(one: Figure, report: Report) -> str:
    """The name of a figure's slice."""
    if one.measure == "coverage_gap":
        framework = report.frameworks.get(one.slice["framework"], one.slice["framework"])
        best, worst = one.between
        return f"{framework}, by {one.slice['by']}: {best} before {worst}"
    if one.measure == "practice":
        return MEASURES[one.slice["practice"]].title
    name = list(one.slice.values())[-1]
    if list(one.slice) == ["framework"]:
        return report.frameworks.get(name, name)
    return name or "not stated"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %B %Y")
