"""A report → the files that are given away: JSON, two tables, and a page."""

from pathlib import Path

from data.errors import GatewaysError
from data.output_file import write_text
from evaluation.evidence.kept import written
from evaluation.evidence.page import page
from evaluation.evidence.report import Report
from evaluation.evidence.tables import figures_csv, rows_csv


def write_all(folder: Path, report: Report, platform: str | None = None) -> None:
    """Write them into a folder, which is made. Raises GatewaysError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GatewaysError(f"{folder}: cannot be made ({error.strerror})") from error
    write_text(folder / "evidence.json", written(report))
    write_text(folder / "evidence.csv", "".join(figures_csv(report)))
    write_text(folder / "rows.csv", "".join(rows_csv(report)))
    write_text(folder / "evidence.html", page(report, platform))
