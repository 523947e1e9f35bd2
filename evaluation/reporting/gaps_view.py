"""Gaps between slices for a person at a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from evaluation.measures.gaps import ends


def gaps_table(found: Mapping[str, Any], measure: str, count: str, enough: int) -> Table:
    """The `gaps` in a measure among the `slices` of a report, the widest first.

    A slice has at least `enough` of what it counts (`count`).
    """
    table = Table("by", "worst", "best", f"gap in {measure}", title="whom it serves worst")
    for gap in found["gaps"]:
        shown = [
            f"«{escape(row['name'])}» {row[measure.lower()]:.3f} ({row[count]:,} {count})"
            for row in ends(gap, found["slices"])
        ] or [f"fewer than two have {enough} {count}", ""]
        table.add_row(gap["by"], *shown, "–" if gap["width"] is None else f"{gap['width']:.3f}")
    return table
