"""The CFPackage of 1EdTech CASE 1.0 and 1.1: one JSON document, one dataset, one framework."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from data.errors import GatewaysError
from data.formats import fields
from data.formats.case.mapping import (
    CASE,
    Ends,
    ends_of,
    kept_of,
    number_of,
    outcome_fields,
    statement_of,
)
from data.formats.case.parts import ASSOCIATIONS, DOCUMENT, ITEMS, CaseParts, dataset_of
from data.formats.case.tidying import Json, text_of, tidied_document
from data.formats.fields import RowError
from data.formats.lines import is_file, open_bytes
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.rows import record
from data.formats.whole_file import read_object
from data.records import Correspondence, Dataset, Outcome, Prerequisite, Record

_PEEK = 65_536  # bytes in which a package shows what it is
_MARK = re.compile(rb'"CF(?:Document|Items|Associations|Definitions|Rubrics)"\s*:')
_LIMIT = 500_000_000  # bytes


class CasePackage:
    """Reads a CFPackage; see docs/formats.md."""

    name = "case"
    expects = "a .json file with a CFPackage of CASE, that is an object with CFDocument"

    def recognises(self, path: Path) -> bool:
        """Whether the beginning of the file reads like a CFPackage."""
        if not path.name.lower().endswith((".json", ".json.gz")) or not is_file(path):
            return False
        try:
            with open_bytes(path) as file:
                return _MARK.search(file.read(_PEEK)) is not None
        except (OSError, EOFError, zlib.error):
            return False

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Read the file. Raises GatewaysError if it is no CFPackage."""
        if not self.recognises(path):
            raise GatewaysError(f"{path}: this is not {self.expects}")
        package = read_object(path, _LIMIT, "send it in parts")
        document = package.get(DOCUMENT)
        if not isinstance(document, dict):
            raise GatewaysError(f"{path}: there is no CFDocument in it; it must be an object")
        document = tidied_document(document)
        if not text_of(document.get("identifier")).strip():
            raise GatewaysError(f"{path}: its CFDocument has no identifier; give it one")
        parts = CaseParts.of(path, package, document, options.max_text)
        return CaseDocument(dataset_of(parts, package), parts)


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """An opened package, which is in memory as one piece, as JSON has it."""

    dataset: Dataset
    parts: CaseParts
    kinds = frozenset[type[Record]]({Outcome, Prerequisite, Correspondence})

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield the records of one kind in the order of the package."""
        own = cast(type[Record], kind)
        rows = self._outcomes() if own is Outcome else self._statements(own)
        yield from cast(Iterator[Row[R] | Refusal], rows)

    def _outcomes(self) -> Iterator[Row[Any] | Refusal]:
        yield from self.parts.refusals
        tree, of_items = self.parts.tree(), self.parts.of_items()
        above = {ends_of(association).destination for association in tree.values()}
        for line, item in self.parts.items:
            id_ = text_of(item.get("identifier"))
            raw = {"assignable": id_ not in above} | outcome_fields(item, self.parts.document)
            raw |= _place(tree.get(id_), self.parts.id, line)
            try:
                outcome = self._outcome(raw, item, of_items.get(id_, []))
            except RowError as error:
                yield self.parts.refuse(ITEMS, line, str(error))
            else:
                yield Row(outcome, f"{self.parts.path}#{ITEMS}", line)

    def _outcome(self, raw: Json, item: Json, associations: list[Json]) -> Outcome:
        outcome = cast(Outcome, record(Outcome, raw, self.parts.max_text))
        case: Json = {"item": kept_of(item, outcome)}
        if associations:
            case[ASSOCIATIONS] = associations
        fields.check_extra({CASE: case}, self.parts.max_text)
        return replace(outcome, extra={**outcome.extra, CASE: case})

    def _statements(self, kind: type[Record]) -> Iterator[Row[Any] | Refusal]:
        """What associations say in our words; one that leads out of the package may wait."""
        seen: set[Ends] = set()
        for line, _, ends in self.parts.associations:
            statement = statement_of(ends)
            if not isinstance(statement, kind) or self.parts.id in ends or ends in seen:
                continue
            seen.add(ends)
            leads_out = not self.parts.ids.issuperset(ends[1:])
            yield Row(statement, f"{self.parts.path}#{ASSOCIATIONS}", line, may_wait=leads_out)


def _place(child: Json | None, framework: str, line: int) -> Json:
    """Where an item hangs, and its place there: its number, else its place in the package."""
    above = ends_of(child).destination if child else framework
    number = number_of(child)
    return {
        "parent": None if above == framework else above,
        "position": line if number is None else number,
    }
