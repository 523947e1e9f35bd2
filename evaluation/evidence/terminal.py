"""A report for a person at a terminal: a line for each platform."""

from collections.abc import Sequence
from typing import Final

from rich.markup import escape
from rich.table import Table

from evaluation.evidence.figure import ALL
from evaluation.evidence.measures import MEASURES
from evaluation.evidence.report import Report
from evaluation.evidence.view import DASH, interval, whole, written

HEADLINES: Final = ("coverage", "open_licence", "accepted", "recent_alignments", "learners")
"""The measures that a platform is introduced by."""


def overview(report: Report, platforms: Sequence[str]) -> Table:
    """The headlines of these platforms."""
    table = Table(
        "platform",
        *(MEASURES[name].title.lower() for name in HEADLINES),
        title=f"evidence {report.fingerprint}",
    )
    for id_ in platforms:
        here = [one for one in report.figures if one.platform == id_]
        cells = []
        for name in HEADLINES:
            found = whole(here, name)
            bounds = f"\n{interval(found)}" if found and found.low is not None else ""
            cells.append(f"{written(found)}{bounds}" if found else DASH)
        table.add_row("all" if id_ == ALL else escape(id_), *cells)
    return table
