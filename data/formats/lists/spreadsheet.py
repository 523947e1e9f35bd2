"""A list as a spreadsheet (Office Open XML)."""

import io
import re
from datetime import UTC, datetime
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data.formats.lists.lines import Listed
from data.formats.lists.table import Words, rows
from data.formats.xml_text import clean

_WIDTHS: Final = (9, 44, 40, 14, 16, 18, 18, 50, 40)  # characters
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_NAME: Final = 31
_RESERVED: Final = "history"  # by Excel, which does not open a book that has such a sheet
_LONGEST_LINK: Final = 2_000
_LONGEST_CELL: Final = 32_767
_TOP: Final = Alignment(vertical="top", wrap_text=True)
_LINK: Final = Font(color="0B6B5D", underline="single")
_ADDRESS: Final = 3  # the column, 1 for the first


def xlsx_of(listed: Listed, words: Words) -> bytes:
    """The table as one sheet, whose headings stay in sight; every text is a text, no formula."""
    book = Workbook()
    book.properties.title = _text(listed.list.title)
    book.properties.creator = _text(listed.list.owner)
    book.properties.created = datetime.fromtimestamp(listed.list.created, UTC).replace(tzinfo=None)
    sheet = book.worksheets[0]
    sheet.title = _name_of(listed.list.title)
    sheet.sheet_view.rightToLeft = words.is_rtl
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        _write(sheet, 1, place, words.columns[place - 1]).font = Font(bold=True)
    for number, cells in enumerate(rows(listed, words), start=2):
        sheet.cell(number, 1, int(cells[0])).alignment = _TOP
        for place, text in enumerate(cells[1:], start=2):
            cell = _write(sheet, number, place, text)
            if place == _ADDRESS and 0 < len(link := clean(text)) < _LONGEST_LINK:
                cell.hyperlink = link
                cell.font = _LINK
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _name_of(title: str) -> str:
    name = _NOT_IN_NAMES.sub(" ", clean(title))[:_LONGEST_NAME].strip()
    return "1" if name.lower() in ("", _RESERVED) else name


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column)
    cell.value = _text(text)
    cell.data_type = "s"
    cell.alignment = _TOP
    return cell


def _text(text: str) -> str:
    return clean(text)[:_LONGEST_CELL]
