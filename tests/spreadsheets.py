"""Spreadsheets as programs write them."""

import io
from collections.abc import Iterable

from openpyxl import Workbook


def spreadsheet(*rows: Iterable[object]) -> bytes:
    """A book (XLSX) with one sheet of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
