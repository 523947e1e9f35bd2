"""Plain tables: resources or outcomes in CSV, XLSX or JSONL, under whatever headings."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias

from data.errors import GatewaysError
from data.formats.columns import check_columns, guess_kind, match_columns, plain
from data.formats.csv_rows import Cells, by_heading, csv_rows, header_problem
from data.formats.defaults import defaults_for
from data.formats.fields import from_cell
from data.formats.lines import Object, is_file, json_objects, line_limit, read_lines
from data.formats.made_ids import with_id
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.rows import FIELDS, records
from data.formats.sheet_rows import sheet_rows
from data.records import Dataset, Outcome, Record, Resource

Objects: TypeAlias = Iterator[Object | Refusal]
Rows: TypeAlias = Callable[[], Iterator[Cells | Refusal]]
"""Reads the rows of a table from its beginning."""

_KINDS: Mapping[str, type[Record]] = {"resources": Resource, "outcomes": Outcome}
_CSV = (".csv", ".tsv")
_JSONL = (".jsonl", ".ndjson")
_SHEET = ".xlsx"
_DELIMITERS = ",;\t"
_SAMPLE = 20  # rows of a JSONL file whose fields stand for its headings


class Table:
    """Reads one file, plain or gzip'd; see docs/formats.md."""

    name = "table"
    expects = f"a file whose name ends in {_SHEET}, {', '.join(_CSV + _JSONL)}, or these and .gz"

    def recognises(self, path: Path) -> bool:
        """Whether `path` is a file with one of the known endings."""
        known = path.suffix.lower() == _SHEET or _ending(path) in _CSV + _JSONL
        return known and is_file(path)

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Open a table. Raises GatewaysError when its kind or a needed column is not clear."""
        if not self.recognises(path):
            raise GatewaysError(f"{path}: this is not {self.expects}")
        headings, rows = _headings(path, options)
        kind = _KINDS.get(options.kind or guess_kind(headings, options.columns))
        if kind is None:
            raise GatewaysError(
                f"{path}: a table has resources or outcomes; `{options.kind}` is neither"
            )
        check_columns(headings, FIELDS[kind], options.columns, _required(options), str(path))
        dataset = Dataset(name=dataset_name(path))
        defaults_for(kind, options, dataset.name)
        return TableDocument(dataset, path, kind, options, rows)


def dataset_name(path: Path) -> str:
    """The name of the dataset that a table makes: that of the file without its endings."""
    stem = Path(path.name.removesuffix(".gz")).stem
    return stem.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a table is, at a first look: its headings, and which of our fields (key) they are.

    `missing` are fields that it must have a column for and no heading gives.
    """

    headings: tuple[str, ...]
    kind: str
    fields: tuple[str, ...]
    matched: Mapping[str, str]
    missing: tuple[str, ...]


def look_at(path: Path, options: ReadOptions) -> Look:
    """Read the headings of a table. Raises GatewaysError when there are none to read."""
    headings, _ = _headings(path, options)
    kind = options.kind or guess_kind(headings, options.columns)
    fields = FIELDS[_KINDS[kind]]
    there = [plain(heading) for heading in headings]
    chosen = {ours: theirs for ours, theirs in options.columns.items() if plain(theirs) in there}
    matched = {field: name for name, field in match_columns(headings, fields, chosen).items()}
    return Look(
        headings=tuple(headings),
        kind=kind,
        fields=fields,
        matched=matched,
        missing=tuple(field for field in _required(options) if field not in matched),
    )


@dataclass(frozen=True, slots=True)
class TableDocument:
    """An opened table; `rows` is None for JSONL."""

    dataset: Dataset
    path: Path
    kind: type[Record]
    options: ReadOptions
    rows: Rows | None

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """The one kind of record that the table has."""
        return frozenset({self.kind})

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield the records in the order of the file, and a refusal for each bad row.

        Cells are trimmed, `levels` split at `;`; columns that are not ours are kept in `extra`.
        """
        if kind is self.kind:
            defaults = defaults_for(self.kind, self.options, self.dataset.name)
            objects = self._renamed(self._objects())
            file, limit = str(self.path), self.options.max_text
            yield from records(self.kind, objects, file, defaults, limit)

    def _objects(self) -> Objects:
        if self.rows is None:
            return json_objects(self.path, line_limit(self.options.max_text))
        rows = self.rows()
        return by_heading(rows, _header(rows, self.path), str(self.path))

    def _renamed(self, objects: Objects) -> Objects:
        fields = FIELDS[self.kind]

        @lru_cache(maxsize=100)
        def names(headings: tuple[str, ...]) -> list[str]:
            matched = match_columns(headings, fields, self.options.columns)
            # A heading like one of our fields that another column was chosen for.
            free = {heading: f"{heading} (unused)" for heading in fields}
            return [matched.get(heading, free.get(heading, heading)) for heading in headings]

        for item in objects:
            if isinstance(item, Refusal):
                yield item
            else:
                line, raw = item
                row = _typed(zip(names(tuple(raw)), raw.values(), strict=True))
                yield line, self._identified(row)

    def _identified(self, row: dict[str, Any]) -> dict[str, Any]:
        if not self.options.make_ids:
            return row
        framework = self.options.defaults.get("framework", self.dataset.name)
        return with_id(self.kind, row, framework)


def _required(options: ReadOptions) -> tuple[str, ...]:
    """Fields that a table must have a column for."""
    return ("title",) if options.make_ids else ("id", "title")


def sniff_delimiter(path: Path, limit: int) -> str:
    """Return the delimiter that gives the first line the most cells."""
    first = next((item for item in read_lines(path, limit)), None)
    if first is None or isinstance(first, Refusal):
        return ","
    text = first[1].decode("utf-8", "replace").rstrip("\r\n").replace("\r", " ")
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([text], delimiter=mark), [])))


def _typed(cells: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    """Trim and type the cells of one row; empty ones are left out."""
    row: dict[str, Any] = {}
    for name, value in cells:
        cell = value.strip() if isinstance(value, str) else value
        if cell not in ("", None):
            row[name] = from_cell(name, cell) if isinstance(cell, str) else cell
    return row


def _headings(path: Path, options: ReadOptions) -> tuple[Sequence[str], Rows | None]:
    """The headings of a table, and its rows unless it is JSONL. Raises GatewaysError."""
    limit = line_limit(options.max_text)
    rows: Rows
    if path.suffix.lower() == _SHEET:
        rows = partial(sheet_rows, path, limit)
    elif _ending(path) in _CSV:
        rows = partial(csv_rows, path, limit, sniff_delimiter(path, limit))
    else:
        return _json_fields(path, limit), None
    return _header(rows(), path), rows


def _header(rows: Iterator[Cells | Refusal], path: Path) -> list[str]:
    """Take the first row. Raises GatewaysError where it holds no headings."""
    header = next(rows, None)
    if header is None:
        raise GatewaysError(f"{path}: the file is empty; its first row must hold the headings")
    if isinstance(header, Refusal):
        raise GatewaysError(str(header))
    headings = [cell.strip() for cell in header[1]]
    if problem := header_problem(headings):
        raise GatewaysError(f"{path}:{header[0]}: {problem}")
    return headings


def _json_fields(path: Path, limit: int) -> Sequence[str]:
    fields: dict[str, None] = {}
    refused: Refusal | None = None
    seen = 0
    for item in json_objects(path, limit):
        if isinstance(item, Refusal):
            refused = refused or item
            continue
        fields |= dict.fromkeys(item[1])
        if (seen := seen + 1) == _SAMPLE:
            break
    if not seen:
        raise GatewaysError(str(refused or f"{path}: the file is empty"))
    return list(fields)


def _ending(path: Path) -> str:
    return path.with_suffix("").suffix.lower() if path.suffix == ".gz" else path.suffix.lower()
