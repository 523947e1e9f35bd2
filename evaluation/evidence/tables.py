"""The report as two tables: its figures, and the rows that each is computed from."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from evaluation.evidence.figure import Figure
from evaluation.evidence.report import Report
from evaluation.evidence.view import edition_note

FIGURES: Final = (
    *("figure", "platform", "slice", "value", "unit", "numerator", "denominator"),
    *("low", "high", "withheld", "between", "title", "method", "formula", "note"),
)
ROWS: Final = ("figure", "sign", "numerator", "denominator", "part")
"""The first four have neither commas nor quotation marks, so that any tool can split them."""

_ENDS: Final = ("best", "worst")
ONE_LINER: Final = (
    "awk -F, 'NR>1 {k=$1 FS $2; n[k]+=$3; d[k]+=$4} END {for (k in n) {split(k,a,FS); "
    'v[a[1]]+=a[2]*(d[k] ? n[k]/d[k] : n[k])} for (f in v) printf "%s %.12g\\n", f, v[f]}\' '
    "rows.csv"
)
"""Computes every figure that is not withheld from rows.csv."""


def figures_csv(report: Report) -> Iterator[str]:
    """A line for each figure, after the headings."""
    return _lines(FIGURES, ((*_figure(one), edition_note(one, report)) for one in report.figures))


def rows_csv(report: Report) -> Iterator[str]:
    """A line for each row of each figure, after the headings."""
    return _lines(ROWS, (row for one in report.figures for row in _rows(one)))


def _figure(one: Figure) -> Sequence[Any]:
    about = one.about
    slices = " ".join(f"{name}={value}" for name, value in one.slice.items())
    counted = (_number(one.numerator), _number(one.denominator))
    return (
        *(one.id, f"platform {one.platform}", slices, _number(one.value), about.unit.value),
        *(*counted, one.low, one.high, "yes" if one.withheld else "no", _between(one)),
        *(about.title, about.method, about.formula),
    )


def _between(one: Figure) -> str:
    return "; ".join(f"{end} {name}" for end, name in zip(_ENDS, one.between, strict=False))


def _rows(one: Figure) -> Iterator[Sequence[Any]]:
    for row in one.rows:
        numbers = (row.sign, _number(row.numerator), _number(row.denominator))
        # A line for each row, whatever a source wrote into its names.
        yield (one.id, *numbers, f"part {' '.join(row.part.split())}")


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value


def _lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield _line(columns)
    yield from map(_line, rows)


def _line(cells: Sequence[Any]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()
