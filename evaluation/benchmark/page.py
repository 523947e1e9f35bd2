"""A report → one HTML page that needs no network and no script."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment

from data.output_file import write_text
from evaluation.benchmark.cases import Mistake
from evaluation.benchmark.comparison import Comparison, Part
from evaluation.benchmark.curator import CONFIDENT
from evaluation.benchmark.report import Report
from evaluation.benchmark.slices import Slice, gaps, ranked
from evaluation.measures.gaps import ENOUGH
from evaluation.reporting import plots
from evaluation.reporting.document import RESPECTS, environment

MISTAKES = {
    Mistake.MISSING: "The right one was not among the candidates",
    Mistake.LOW: "The right one was ranked low",
    Mistake.NOT_SHOWN: "The right one was ranked high, but not shown",
    Mistake.TOO_MANY: "The right one was shown, among wrong ones",
    Mistake.ABSTAINED: "Nothing was shown",
}


def write_page(path: Path, report: Report, comparison: Comparison | None = None) -> None:
    """Write the page. Raises GatewaysError where that cannot be."""
    write_text(path, page(report, comparison))


def page(report: Report, comparison: Comparison | None = None) -> str:
    """The report as HTML, with what changed from another model where that was compared."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            comparison=comparison,
            worst=next(iter(ranked(report.slices)), None),
            gaps=gaps(report.slices),
            respects=[
                (by, title, [found for found in report.slices if found.by == by])
                for by, title in RESPECTS.items()
            ],
            mistakes=[
                (
                    title,
                    report.mistakes[kind],
                    [each for each in report.cases if each.mistake == kind],
                )
                for kind, title in MISTAKES.items()
            ],
            enough=ENOUGH,
            confident=CONFIDENT,
        )
    )


def _environment() -> Environment:
    made = environment(Path(__file__).parent / "templates")
    made.filters["large"] = _large
    made.globals["difference_axes"] = _difference_axes
    return made


def _large(slices: Sequence[Slice], large: bool = True) -> list[Slice]:
    return [found for found in slices if (found.queries >= ENOUGH) == large]


def _difference_axes(parts: Sequence[Part], measure: str) -> plots.Axes:
    changes = [part.changes[measure] for part in parts]
    most = max(abs(bound) for change in changes for bound in (change.low, change.high))
    return plots.differences(most, len(parts))
