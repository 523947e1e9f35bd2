"""A report for a person at a terminal: what is worst first."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evaluation.benchmark.comparison import Comparison
from evaluation.benchmark.report import POINT, Point, Report
from evaluation.benchmark.slices import gaps, ranked
from evaluation.measures.gaps import ENOUGH


def print_report(report: Report, comparison: Comparison | None = None) -> None:
    """Print worst slice and gap, the figures, and what changed from another model."""
    console = Console()
    for line in _worst(report):
        console.print(escape(line), highlight=False)
    console.print(_figures(report))
    if report.learning_curve:
        console.print(_curve(report.learning_curve))
    if comparison is not None:
        console.print(_changes(comparison))
        said = comparison.objections() or ("Nothing speaks against promoting it.",)
        for line in (*said, *comparison.doubts()):
            console.print(escape(line), highlight=False)


def _worst(report: Report) -> Iterable[str]:
    for lowest in ranked(report.slices)[:1]:
        yield (
            f"worst slice: {lowest.by} «{lowest.name}», mean F2 {lowest.values['mean_f2']:.3f} "
            f"over {lowest.queries:,} resources"
        )
    wide = gaps(report.slices)
    for gap in wide:
        yield (f"gap by {gap.by}: {gap.width:.3f} between «{gap.best.name}» and «{gap.worst.name}»")
    if not wide:
        yield (
            f"No two groups of one kind have {ENOUGH} resources each, so nothing says whom it "
            "serves worst."
        )


def _figures(report: Report) -> Table:
    title = f"{report.dataset} · {report.split} · {report.queries:,} resources"
    table = _table(
        f"{title} · {report.candidates:,} outcomes · {report.seconds} s",
        ("measure", "mean", "95 % interval", "mean over outcomes"),
    )
    for name, found in report.figures.items():
        over = report.mean_over_outcomes.get(name)
        table.add_row(
            name,
            f"{found.value:.3f}",
            f"{found.low:.3f} – {found.high:.3f}",
            "" if over is None else f"{over:.3f}",
        )
    return table


def _curve(points: Sequence[Point]) -> Table:
    table = _table("what accepted neighbours are worth", ("decisions", *POINT))
    for point in points:
        shown = (
            f"{found.value:.3f}\n{found.low:.3f} – {found.high:.3f}"
            for found in (point.figures[name] for name in POINT)
        )
        table.add_row(f"{point.decisions:,}", *shown)
    return table


def _changes(comparison: Comparison) -> Table:
    table = _table(
        f"from {comparison.before.name} to {comparison.after.name}",
        ("measure", "before", "after", "difference", "95 % interval"),
    )
    for name, change in comparison.overall.changes.items():
        table.add_row(
            name,
            f"{change.before:.3f}",
            f"{change.after:.3f}",
            f"{change.difference:+.3f}",
            f"{change.low:+.3f} – {change.high:+.3f}",
        )
    return table


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=escape(title))
    for column in columns:
        table.add_column(column, justify="left" if column == "measure" else "right")
    return table
