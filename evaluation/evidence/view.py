"""A report as people read it: by group and measure, a list for each way of slicing."""

import shlex
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.evidence.figure import Figure
from evaluation.evidence.measures import MEASURES, Group, Measure, Unit
from evaluation.evidence.report import Report

DASH = "–"


@dataclass(frozen=True, slots=True)
class Part:
    """Figures of one measure that are sliced alike: within `within`, by `by`."""

    within: str
    by: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A measure: its figure over all, if it has one, and its parts."""

    measure: Measure
    whole: Figure | None
    parts: tuple[Part, ...]


def sections(report: Report) -> list[tuple[Group, list[Section]]]:
    """What a report of one platform, or of all together, tells, in the order of the measures."""
    by_measure: dict[str, list[Figure]] = defaultdict(list)
    for one in report.figures:
        by_measure[one.measure].append(one)
    told = [_section(measure, by_measure[id_]) for id_, measure in MEASURES.items()]
    there = [one for one in told if one.whole or one.parts]
    return [
        (group, here)
        for group in Group
        if (here := [one for one in there if one.measure.group is group])
    ]


def part(
    figures: Iterable[Figure], measure: str, by: str, within: str | None = None
) -> list[Figure]:
    """The figures of a measure that are sliced by `by` alone, or by it within a framework."""
    wanted = {by} if within is None else {"framework", by}
    return [
        one
        for one in figures
        if one.measure == measure
        and set(one.slice) == wanted
        and within in (None, one.slice.get("framework"))
    ]


def whole(figures: Iterable[Figure], measure: str) -> Figure | None:
    """The figure of a measure that is not sliced."""
    return next((one for one in figures if one.measure == measure and not one.slice), None)


def edition_note(one: Figure, report: Report) -> str:
    """What edition a figure of a whole curriculum is of, if there are several; else nothing."""
    if list(one.slice) != ["framework"]:
        return ""
    name, known = one.slice["framework"], report.editions
    if olds := known.ahead.get(name):
        return f"new edition, not carried over yet: {carrying(olds[0], name)}"
    if newer := sorted(new for new, olds in known.instead.items() if name in olds):
        return f"earlier edition; totals count {' and '.join(newer)} instead"
    return ""


def carrying(old: str, new: str) -> str:
    """The command that carries over from one edition to another."""
    return shlex.join(["gateways", "editions", "carry", old, new])


def written(one: Figure) -> str:
    """A value with its unit, in English."""
    if one.value is None:
        return "kept back"
    return _written(one.value, one.about.unit)


def interval(one: Figure) -> str:
    """The 95 % interval, or a dash."""
    if one.low is None or one.high is None:
        return DASH
    unit = one.about.unit
    return f"{_written(one.low, unit)} to {_written(one.high, unit)}"


def counted(one: Figure) -> str:
    """Numerator and denominator, where both are counts."""
    if one.about.unit is not Unit.SHARE or one.numerator is None or one.denominator is None:
        return DASH
    return f"{one.numerator:,.0f} of {one.denominator:,.0f}"


def _written(value: float, unit: Unit) -> str:
    match unit:
        case Unit.SHARE:
            return f"{100 * value:.1f}\u00a0%"
        case Unit.DIFFERENCE:
            return f"{100 * value:+.1f}\u00a0points".replace("-", "−")
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.DAYS:
            return f"{value:,.0f}\u00a0days"
        case Unit.MEAN:
            return f"{value:.2f}"


def _section(measure: Measure, figures: Sequence[Figure]) -> Section:
    parts: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for one in figures:
        if one.slice:
            names = list(one.slice)
            within = one.slice[names[0]] if len(names) > 1 and measure.id == "coverage" else ""
            parts[within, names[-1]].append(one)
    return Section(
        measure=measure,
        whole=whole(figures, measure.id),
        parts=tuple(Part(within, by, tuple(some)) for (within, by), some in parts.items()),
    )
