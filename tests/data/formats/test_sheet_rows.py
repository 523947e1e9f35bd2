import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from data.formats import sheet_rows as module
from data.formats.protocol import Refusal
from data.formats.sheet_rows import sheet_rows
from tests.spreadsheets import spreadsheet

LIMIT = 1000


@pytest.fixture
def book(tmp_path):
    """Write sheets, each a title and its rows, to a book."""

    def book(*sheets):
        written = Workbook()
        written.remove(written.worksheets[0])
        for title, rows in sheets:
            sheet = written.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "book.xlsx"
        written.save(path)
        return path

    return book


def test_cells_are_the_texts_that_are_seen(book):
    path = book(
        (
            "Lessons",
            [
                ["id", "year", "made", "open", "share"],
                [1.0, 5, datetime(2024, 3, 1), True, 0.5],
                ["r2", None, date(2024, 3, 2), False, datetime(2024, 3, 1, 9, 30)],
            ],
        )
    )
    assert list(sheet_rows(path, LIMIT)) == [
        (1, ["id", "year", "made", "open", "share"]),
        (2, ["1", "5", "2024-03-01", "true", "0.5"]),
        (3, ["r2", "", "2024-03-02", "false", "2024-03-01T09:30:00"]),
    ]


def test_blank_rows_are_passed_over_and_short_ones_filled_up(book):
    path = book(("A", [[], ["id", "title", " "], [None, ""], ["r1"], ["r2", "Two", "", "more"]]))
    assert list(sheet_rows(path, LIMIT)) == [
        (2, ["id", "title"]),
        (4, ["r1", ""]),
        (5, ["r2", "Two", "", "more"]),
    ]


def test_another_sheet_is_refused_unless_nothing_is_in_it(book):
    path = book(("Year 1", [["id"], ["r1"]]), ("Notes", []), ("Year 2", [["id"], ["r2"]]))
    *rows, refused = sheet_rows(path, LIMIT)
    assert rows == [(1, ["id"]), (2, ["r1"])]
    assert isinstance(refused, Refusal)
    assert "«Year 2» is not read" in refused.reason


def test_a_row_that_is_too_long_is_refused_and_the_next_one_read(book):
    path = book(("A", [["id", "title"], ["r1", "é" * LIMIT], ["r2", "Two"]]))
    _, refused, last = sheet_rows(path, LIMIT)
    assert (refused.line, "longer than 1,000 bytes" in refused.reason) == (2, True)
    assert last == (3, ["r2", "Two"])


@pytest.mark.parametrize("content", [b"", b"id,title\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 99])
def test_what_is_no_such_book_is_told(tmp_path, content):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    (refused,) = sheet_rows(path, LIMIT)
    assert (refused.file, refused.line) == (str(path), 1)
    assert "save the sheet as CSV" in refused.reason


def test_a_book_that_unpacks_to_too_much_is_not_unpacked(book, monkeypatch):
    path = book(("A", [["id"], ["r1"]]))
    monkeypatch.setattr(module, "MOST", 1000)
    (refused,) = sheet_rows(path, LIMIT)
    assert "unpacks to more than 1,000 bytes" in refused.reason


WHOLE = spreadsheet(("id", "title"), ("r1", "One"))


def with_sheet(path, change):
    """A book whose sheet is written otherwise."""
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as parts, zipfile.ZipFile(path, "w") as made:
        for name in parts.namelist():
            text = parts.read(name)
            made.writestr(name, change(text) if name.endswith("sheet1.xml") else text)


def test_entities_that_grow_are_not_resolved(tmp_path):
    path = tmp_path / "bomb.xlsx"
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]>'
    with_sheet(path, lambda text: bomb + text)
    (refused,) = sheet_rows(path, LIMIT)
    assert "cannot be read" in refused.reason


def test_the_rows_before_a_damaged_one_stay(tmp_path):
    path = tmp_path / "cut.xlsx"
    with_sheet(path, lambda text: text.replace(b'<row r="2"', b'<row r="2" <'))
    header, refused = sheet_rows(path, LIMIT)
    assert header == (1, ["id", "title"])
    assert refused.line == 2


@given(st.binary(max_size=400), st.integers(0, len(WHOLE)))
@settings(max_examples=50)
def test_a_damaged_book_is_read_or_refused(tmp_path_factory, damage, place):
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    path.write_bytes(WHOLE[:place] + damage + WHOLE[place + len(damage) :])
    for row in sheet_rows(path, LIMIT):
        assert isinstance(row, Refusal) or all(isinstance(cell, str) for cell in row[1])
