"""A report → one HTML page that needs no network and no script."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evaluation import plots
from evaluation.cases import Mistake
from evaluation.comparison import Comparison, Part
from evaluation.curator import CONFIDENT
from evaluation.metrics import TITLES
from evaluation.output_file import write_text
from evaluation.report import Report
from evaluation.slices import ENOUGH, Slice, gaps, worst

RESPECTS = {
    "language": "Language",
    "subject": "Subject",
    "level": "Level",
    "kind": "Kind of resource",
    "frequency": "Resources per right outcome",
}
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
        environment()
        .get_template("report.html")
        .render(
            report=report,
            comparison=comparison,
            worst=worst(report.slices),
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


def environment() -> Environment:
    """The templates, with what they need to write figures."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "figure": _figure,
        "number": "{:,}".format,
        "signed": _signed,
        "percent": _percent,
        "measure": lambda name: TITLES.get(name, name),
        "respect": lambda by: RESPECTS.get(by, by),
        "large": _large,
    }
    environment.globals |= {
        "plots": plots,
        "difference_axes": _difference_axes,
    }
    return environment


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _signed(value: float) -> str:
    """A difference with its sign, if it has one."""
    rounded = round(value, 3)
    return f"{rounded:+.3f}".replace("-", "−") if rounded else "0.000"


def _percent(share: float) -> str:
    """A share as a percentage; what is neither none nor all is not rounded to either."""
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "under 1\u00a0%"
    if rounded == 100 and share < 1:
        return "over 99\u00a0%"
    return f"{rounded}\u00a0%"


def _large(slices: Sequence[Slice], large: bool = True) -> list[Slice]:
    return [found for found in slices if (found.queries >= ENOUGH) == large]


def _difference_axes(parts: Sequence[Part], measure: str) -> plots.Axes:
    changes = [part.changes[measure] for part in parts]
    most = max(abs(bound) for change in changes for bound in (change.low, change.high))
    return plots.differences(most, len(parts))
