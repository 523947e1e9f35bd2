"""A file of statements, as a Learning Record Store gives them out."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from data.errors import GatewaysError
from data.formats.fields import RowError
from data.formats.lines import is_file, json_objects, line_limit, open_bytes
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.whole_file import read_json
from data.formats.xapi.statement import Experience, Said, Voiding, read_statement
from data.records import Dataset, Interaction, Record

Numbered: TypeAlias = tuple[int, Any]

_LINES: Final = (".jsonl", ".ndjson")
_SEND: Final = "send the voiding to the service"
_SNIFFED: Final = 65_536  # bytes
_MARKS: Final = (b'"actor"', b'"verb"', b'"object"')
_MOST: Final = 256 * 2**20  # bytes


class Xapi:
    """Reads statements of xAPI 1.0, plain or gzip'd; see docs/formats.md."""

    name = "xapi"
    expects = (
        "a file of xAPI statements whose name ends in .json (one, a list, or what an LRS answers) "
        "or .jsonl (one a line)"
    )

    def recognises(self, path: Path) -> bool:
        """Whether `path` is a file of JSON that begins with an actor, a verb and an object."""
        if _ending(path) not in (".json", *_LINES) or not is_file(path):
            return False
        try:
            with open_bytes(path) as file:
                head = file.read(_SNIFFED)
        except (OSError, EOFError, zlib.error):
            return False
        return all(mark in head for mark in _MARKS)

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Open a file. Raises GatewaysError when it is not JSON or has no list of statements."""
        if _ending(path) not in (".json", *_LINES) or not is_file(path):
            raise GatewaysError(f"{path}: this is not {self.expects}")
        stem = Path(path.name.removesuffix(".gz")).stem
        dataset = Dataset(name=stem.encode("utf-8", "replace").decode())
        if _ending(path) in _LINES:
            return Statements(dataset, path, None, options)
        value = read_json(path, _MOST, "write one statement a line, in a file that ends in .jsonl")
        return Statements(dataset, path, _listed(value, path), options)


@dataclass(frozen=True, slots=True)
class Statements:
    """An opened file; `values` are None where each line has its own."""

    dataset: Dataset
    path: Path
    values: list[Any] | None
    options: ReadOptions
    kinds = frozenset[type[Record]]({Interaction})

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield what learners did, in the order of the file, numbered by line or place.

        The file is read twice, since what is voided may be so by a statement further down.
        """
        if kind is Interaction:
            yield from cast(Iterator[Row[R] | Refusal], self._interactions())

    def _interactions(self) -> Iterator[Row[Interaction] | Refusal]:
        voided = {one.voided: line for line, one in self._said() if isinstance(one, Voiding)}
        met: set[str] = set()
        for line, one in self._said():
            if isinstance(one, Refusal):
                yield one
            elif isinstance(one, Experience):
                if one.id in voided:
                    met.add(one.id)
                    yield self._refusal(line, f"it is voided at {voided[one.id]}")
                else:
                    yield Row(
                        one.interaction, str(self.path), line, about=one.about, client_id=one.id
                    )
        for id_ in voided.keys() - met:
            reason = f"statement {id_}, which it voids, was not taken from this file"
            yield self._refusal(voided[id_], f"{reason}; if it came before, {_SEND}")

    def _said(self) -> Iterator[tuple[int, Said | Refusal]]:
        for item in self._raw():
            if isinstance(item, Refusal):
                yield item.line, item
                continue
            line, raw = item
            try:
                yield line, read_statement(raw, self.options.sites)
            except RowError as error:
                yield line, self._refusal(line, str(error))

    def _raw(self) -> Iterator[Numbered | Refusal]:
        if self.values is not None:
            return iter(enumerate(self.values, start=1))
        return json_objects(self.path, line_limit(self.options.max_text))

    def _refusal(self, line: int, reason: str) -> Refusal:
        return Refusal(str(self.path), line, reason)


def _listed(value: Any, path: Path) -> list[Any]:
    """The statements in a value: itself, a list of them, or one page of what an LRS has."""
    found = value.get("statements", [value]) if isinstance(value, dict) else value
    if not isinstance(found, list):
        raise GatewaysError(f"{path}: there is no list of statements in it; write them as [{{…}}]")
    return found


def _ending(path: Path) -> str:
    return path.with_suffix("").suffix.lower() if path.suffix == ".gz" else path.suffix.lower()
