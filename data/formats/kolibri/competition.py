"""Learning Equality's competition files: topics of channels, content, and which goes with which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from data.errors import GatewaysError
from data.formats.csv_rows import csv_objects
from data.formats.defaults import defaults_for
from data.formats.fields import from_cell
from data.formats.kolibri.words import language
from data.formats.lines import Object, is_file, line_limit
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.rows import records
from data.records import Alignment, Dataset, Outcome, Record, Resource

FILES: Final[Mapping[type[Record], str]] = {
    Outcome: "topics.csv",
    Resource: "content.csv",
    Alignment: "correlations.csv",
}
_REQUIRED: Final[Mapping[type[Record], tuple[str, ...]]] = {
    Outcome: ("id", "title", "channel", "parent", "has_content"),
    Resource: ("id", "title"),
    Alignment: ("topic_id", "content_ids"),
}
Objects: TypeAlias = Iterator[Object | Refusal]


class Competition:
    """Reads a folder whose files may be plain or gzip'd; see docs/formats.md."""

    name = "competition"
    expects = f"a folder with {FILES[Outcome]} and {FILES[Resource]}, and {FILES[Alignment]} or not"

    def recognises(self, path: Path) -> bool:
        """Whether `path` is a folder with topics and content."""
        return all(_file(path, FILES[kind]) for kind in (Outcome, Resource))

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Open the folder. Raises GatewaysError when it is not such a folder."""
        if not self.recognises(path):
            raise GatewaysError(f"{path}: this is not {self.expects}")
        files = {kind: file for kind, name in FILES.items() if (file := _file(path, name))}
        name = path.resolve().name.encode("utf-8", "replace").decode() or self.name
        for kind in files:
            defaults_for(kind, options, name)
        return CompetitionDocument(Dataset(name=name), files, options)


@dataclass(frozen=True, slots=True)
class CompetitionDocument:
    """An opened folder; `files` are those that are there."""

    dataset: Dataset
    files: Mapping[type[Record], Path]
    options: ReadOptions

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """The kinds that have a file."""
        return frozenset(self.files)

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield topics, content, or a pair of both, in the order of the file."""
        own = cast(type[Record], kind)
        if own in self.files:
            defaults = defaults_for(own, self.options, self.dataset.name)
            file, limit = self.files[own], self.options.max_text
            rows = csv_objects(file, line_limit(limit), _REQUIRED[own])
            yield from records(own, _OBJECTS[own](rows), str(file), defaults, limit)


def _topics(rows: Objects) -> Objects:
    for position, row in enumerate(rows):
        if isinstance(row, Refusal):
            yield row
            continue
        line, raw = row
        topic = _filled(raw)
        topic["framework"] = topic.pop("channel", None)
        topic["assignable"] = from_cell("assignable", topic.pop("has_content", ""))
        topic["position"] = position
        yield line, topic


def _content(rows: Objects) -> Objects:
    for row in rows:
        yield row if isinstance(row, Refusal) else (row[0], _filled(row[1]))


def _correlations(rows: Objects) -> Objects:
    for row in rows:
        if isinstance(row, Refusal):
            yield row
            continue
        line, raw = row
        for content in dict.fromkeys(raw["content_ids"].split()):
            yield line, {"resource": content, "outcome": raw["topic_id"].strip()}


_OBJECTS: Final = {Outcome: _topics, Resource: _content, Alignment: _correlations}


def _filled(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The cells that say something; languages by their tags."""
    said = {name: cell for name, cell in raw.items() if cell.strip()}
    if "language" in said:
        said["language"] = language(said["language"])
    return said


def _file(folder: Path, name: str) -> Path | None:
    return next((file for file in (folder / name, folder / f"{name}.gz") if is_file(file)), None)
