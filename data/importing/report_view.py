"""An import's report for a person, and as JSON."""

from dataclasses import asdict
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from data.counting import counted
from data.importing.report import ImportReport, KindCounts

FIRST = 20  # refusals that are printed
_FATES = tuple(asdict(KindCounts()))


def report_json(report: ImportReport) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        **asdict(report),
        "refused": report.refused,
        "rows_per_second": round(report.rows / report.seconds) if report.seconds else None,
    }


def print_report(report: ImportReport) -> None:
    """Print the counts on standard output; refusals and warnings go to standard error."""
    table = Table(title=f"Dataset {report.dataset}" + (" (dry run)" if report.dry_run else ""))
    table.add_column("")
    for fate in _FATES:
        table.add_column(fate, justify="right")
    for kind, counts in report.counts.items():
        table.add_row(kind, *(f"{getattr(counts, fate):,}" for fate in _FATES))
    Console(markup=False).print(table)
    for kind, ids in report.removed.items():
        typer.echo(_removed(report, kind, ids), err=True)
    for warning in report.warnings:
        typer.echo(f"warning: {warning}", err=True)
    for refusal in report.refusals[:FIRST]:
        typer.echo(str(refusal), err=True)
    if report.refused > FIRST:
        more = report.refused - FIRST
        typer.echo(f"… and {more:,} more: --refusals FILE writes down every one", err=True)
    typer.echo(
        f"{counted(report.rows, 'row')} in {report.seconds:.1f} s. {_next(report)}", err=True
    )


def _removed(report: ImportReport, kind: str, ids: tuple[str, ...]) -> str:
    counts = report.counts[kind]
    are, it = ("is", "it") if counts.removed == 1 else ("are", "them")
    listed = ", ".join(ids[:FIRST]) + (", …" if counts.removed > FIRST else "")
    fate = "retired" if counts.retired else f"still in the catalogue; --prune retires {it}"
    what = counted(counts.removed, kind.removesuffix("s"))
    return f"{what} {are} not in the dataset any more ({listed}): {fate}"


def _next(report: ImportReport) -> str:
    if report.dry_run:
        return "Nothing was changed."
    changes = (
        counts.new + counts.changed + counts.retired
        for kind, counts in report.counts.items()
        if kind in ("outcomes", "resources")
    )
    return "Next: `gateways index`" if any(changes) else "Nothing that is indexed has changed."
