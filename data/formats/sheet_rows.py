"""The first sheet of a spreadsheet (Office Open XML) → rows of texts, as a CSV file has them."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from data.formats.csv_rows import Cells
from data.formats.protocol import Refusal

MOST: Final = 300_000_000
"""Bytes that all of a book may have when it is unpacked; its texts are held in memory."""

_NOT_READ: Final = (
    "the sheet «{}» is not read, the first one alone is; save it as a file of its own"
)
_UNREADABLE: Final = (
    "from here on this cannot be read as a spreadsheet without a password: {}; "
    "save the sheet as CSV UTF-8"
)


def sheet_rows(path: Path, limit: int) -> Iterator[Cells | Refusal]:
    """Yield the cells of each row with its number; blank rows are ignored.

    The first row that is not blank tells how many columns there are. Of a formula what it last came
    to counts. A row may have `limit` bytes. Sheets after the first that is visible are refused
    where they hold something. A file that is damaged, or no such book, ends with a refusal.
    """
    last = 0
    try:
        _check_size(path)
        with closing(_open(path)) as book:
            first, *others = (one for one in book.worksheets if one.sheet_state == "visible")
            for row in _rows(first, path, limit):
                last = row.line if isinstance(row, Refusal) else row[0]
                yield row
            for sheet in others:
                if next(_filled(sheet), None) is not None:
                    yield Refusal(str(path), 1, _NOT_READ.format(sheet.title))
    except Exception as error:  # whatever a cut or foreign file makes of zip and XML
        yield Refusal(str(path), last + 1, _UNREADABLE.format(error))


def _check_size(path: Path) -> None:
    with ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST:
            raise ValueError(f"it unpacks to more than {MOST:,} bytes")


def _open(path: Path) -> Any:
    """The book, of which a sheet is read row by row."""
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=True, keep_links=False)


def _rows(sheet: Any, path: Path, limit: int) -> Iterator[Cells | Refusal]:
    width = 0
    for number, cells in _filled(sheet):
        width = width or len(cells)
        if sum(len(cell.encode()) for cell in cells) > limit:
            yield Refusal(str(path), number, f"the row is longer than {limit:,} bytes")
        else:
            yield number, cells + [""] * (width - len(cells))


def _filled(sheet: Any) -> Iterator[Cells]:
    """The rows that are not blank, without the blank cells at their ends."""
    sheet.reset_dimensions()  # which some programs write wrong
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if cells := _trimmed(values):
            yield number, cells


def _trimmed(values: Sequence[object]) -> list[str]:
    cells = [_text(value) for value in values]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(value: object) -> str:
    """What a cell shows, as far as numbers and days go: 5 for 5.0, days without a time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)
