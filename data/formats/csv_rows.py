"""Numbered lines → CSV rows. A bad row is refused, and reading goes on with the line after it."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from data.formats.lines import Line, Object, read_lines, wrong_byte
from data.formats.protocol import Refusal

Cells: TypeAlias = tuple[int, list[str]]

# Going back reads lines again, and a file can be made in which every row asks for it.
_RETURNS = 100

_FAULTS = {
    "unexpected end": "a quote mark opens here and is never closed; inside a cell write it twice",
    "expected after": "text follows a closing quote mark; inside a cell write the mark twice",
    "new-line": "a bare carriage return stands in a cell; put the cell in quote marks",
}


def csv_rows(path: Path, limit: int, delimiter: str = ",") -> Iterator[Cells | Refusal]:
    """Yield the cells of each row with the line on which it starts; blank rows are ignored.

    Quoted cells may hold line breaks. A row may have `limit` bytes.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limit))  # else 131,072 characters a cell
    feed = _Feed(read_lines(path, limit), limit)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield Refusal(str(path), feed.first, _fault(str(error)))
            feed.go_back()
            continue
        yield from feed.lost()
        if any(cell.strip() for cell in cells):
            reason = _undecoded(cells)
            yield Refusal(str(path), feed.first, reason) if reason else (feed.first, cells)
    yield from feed.lost()


def csv_objects(path: Path, limit: int, required: Sequence[str] = ()) -> Iterator[Object | Refusal]:
    """Yield each row of a comma-separated file by its headings; without `required`, a refusal."""
    rows = csv_rows(path, limit)
    header = next(rows, None)
    if header is None:
        return
    if isinstance(header, Refusal):
        yield Refusal(header.file, header.line, f"no row of this file is read: {header.reason}")
        return
    line, cells = header
    headings = [cell.strip() for cell in cells]
    if problem := header_problem(headings, required):
        yield Refusal(str(path), line, problem)
        return
    yield from by_heading(rows, headings, str(path))


def by_heading(
    rows: Iterator[Cells | Refusal], headings: Sequence[str], file: str
) -> Iterator[Object | Refusal]:
    """Pair cells with headings; cells without a heading are left out."""
    blank = "" in headings
    for row in rows:
        if isinstance(row, Refusal):
            yield row
            continue
        line, cells = row
        if len(cells) != len(headings):
            yield Refusal(
                file, line, f"the row has {len(cells)} cells; the header has {len(headings)}"
            )
            continue
        named = dict(zip(headings, cells, strict=True))
        if blank:
            del named[""]
        yield line, named


def header_problem(headings: Sequence[str], required: Sequence[str] = ()) -> str | None:
    """Say what is wrong with a header, or None."""
    named = [heading for heading in headings if heading]
    there = ", ".join(named)
    for heading in required:
        if heading not in named:
            return f"there is no column `{heading}`; the columns are: {there}"
    twice = next((heading for heading in named if named.count(heading) > 1), None)
    return f"the column `{twice}` stands twice; the columns are: {there}" if twice else None


def _fault(message: str) -> str:
    return next((reason for part, reason in _FAULTS.items() if part in message), message)


def _undecoded(cells: list[str]) -> str | None:
    """Name the first byte that was not UTF-8; `_Feed` decodes it to a lone surrogate."""
    for number, cell in enumerate(cells, start=1):
        if cell.isascii():
            continue
        try:
            cell.encode()
        except UnicodeEncodeError as error:
            return wrong_byte(ord(cell[error.start]) - 0xDC00, f"in cell {number}")
    return None


class _Feed:
    """Gives csv.reader its lines and remembers those of the current row, to go back to."""

    def __init__(self, lines: Iterator[Line | Refusal], limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self._again: deque[Line] = deque()
        self._taken: list[Line] = []
        self._size = 0
        self._lost: list[Refusal] = []
        self._returns = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        item: Line | Refusal = self._again.popleft() if self._again else next(self._lines)
        while isinstance(item, Refusal):
            self._lost.append(item)
            if self._taken:  # the row that is being read had this line in it
                raise csv.Error("unexpected end")
            item = next(self._lines)
        self._taken.append(item)
        self._size += len(item[1])
        if self._size > self._limit:
            raise csv.Error("unexpected end")
        return item[1].decode("utf-8", "surrogateescape")

    @property
    def first(self) -> int:
        """The line on which the current row starts."""
        return self._taken[0][0]

    def begin(self) -> None:
        """Forget the lines of the row before."""
        self._taken.clear()
        self._size = 0

    def go_back(self) -> None:
        """Give the lines after the first of a refused row once more."""
        if self._returns < _RETURNS:
            self._again.extendleft(reversed(self._taken[1:]))
        self._returns += len(self._taken) > 1

    def lost(self) -> list[Refusal]:
        """Hand over the refusals of lines that could not be read."""
        lost, self._lost = self._lost, []
        return lost
