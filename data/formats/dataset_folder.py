"""The dataset folder: one folder, one dataset, a file for each kind of record."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from data.errors import GatewaysError
from data.formats import fields
from data.formats.csv_rows import csv_objects
from data.formats.defaults import defaults_for
from data.formats.fields import Raw, RowError
from data.formats.lines import (
    Object,
    is_file,
    json_objects,
    line_limit,
)
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.rows import records
from data.formats.whole_file import read_object
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Interaction,
    Outcome,
    Prerequisite,
    Record,
    Resource,
)

DATASET_FILE = "dataset.json"
FILES: dict[type[Record], str] = {
    Outcome: "outcomes.jsonl",
    Resource: "resources.jsonl",
    Alignment: "alignments.csv",
    Prerequisite: "prerequisites.csv",
    Correspondence: "crosswalk.csv",
    Interaction: "interactions.csv",
}
_REQUIRED: dict[type[Record], tuple[str, ...]] = {
    Alignment: ("resource", "outcome"),
    Prerequisite: ("outcome", "requires"),
    Correspondence: ("outcome", "other", "match"),
    Interaction: ("learner", "time", "event"),
}
_DATASET_LIMIT = 50_000_000  # bytes; it may hold what a package defines

Objects: TypeAlias = Iterator[Object | Refusal]


class DatasetFolder:
    """Reads a folder whose files may be plain or gzip'd; see docs/formats.md."""

    name = "folder"
    expects = f"a folder with {DATASET_FILE}, {', '.join(FILES.values())} or some of them"

    def recognises(self, path: Path) -> bool:
        """Whether `path` is a folder with at least one file of a known name."""
        return any(_variants(path, name) for name in (DATASET_FILE, *FILES.values()))

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Open the folder. Raises GatewaysError when dataset.json or an option is wrong."""
        if not self.recognises(path):
            raise GatewaysError(f"{path}: this is not {self.expects}")
        files = {kind: file for kind, name in FILES.items() if (file := _the_file(path, name))}
        dataset = _dataset(path, options.max_text)
        for kind in files:
            defaults_for(kind, options, dataset.name)
        return FolderDocument(dataset, files, options)


@dataclass(frozen=True, slots=True)
class FolderDocument:
    """An opened dataset folder; `files` are those that are there."""

    dataset: Dataset
    files: dict[type[Record], Path]
    options: ReadOptions

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """The kinds that have a file, even an empty one."""
        return frozenset(self.files)

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield the records of one kind in the order of the file, and a refusal for each bad row.

        Absent fields are filled from the options; an outcome's framework is, at last, the
        dataset's name.
        """
        own = cast(type[Record], kind)
        if own in self.files:
            defaults = defaults_for(own, self.options, self.dataset.name)
            file, limit = str(self.files[own]), self.options.max_text
            yield from records(own, self._objects(own), file, defaults, limit)

    def _objects(self, kind: type[Record]) -> Objects:
        limit = line_limit(self.options.max_text)
        if kind in _REQUIRED:
            return csv_objects(self.files[kind], limit, _REQUIRED[kind])
        return json_objects(self.files[kind], limit)


def _variants(folder: Path, name: str) -> list[Path]:
    return [file for file in (folder / name, folder / f"{name}.gz") if is_file(file)]


def _the_file(folder: Path, name: str) -> Path | None:
    found = _variants(folder, name)
    if len(found) > 1:
        raise GatewaysError(f"{folder}: both {name} and {name}.gz are there; remove one of them")
    return found[0] if found else None


def _dataset(folder: Path, max_text: int) -> Dataset:
    file = _the_file(folder, DATASET_FILE)
    raw = read_object(file, _DATASET_LIMIT, "is this the file?") if file else {}
    own = ("name", "license", "attribution", "source", "languages")
    extra = {name: value for name, value in raw.items() if name not in own}
    try:
        fields.check_extra(extra, max_text)
        return Dataset(
            name=(fields.optional_id(raw, "name") or "").strip() or _name(folder),
            license=fields.optional(raw, "license", max_text),
            attribution=fields.optional(raw, "attribution", max_text),
            source=fields.optional(raw, "source", max_text),
            languages=_languages(raw),
            extra=extra,
        )
    except RowError as error:
        raise GatewaysError(f"{file}: {error}") from None


def _name(folder: Path) -> str:
    return folder.resolve().name.encode("utf-8", "replace").decode() or "dataset"


def _languages(raw: Raw) -> tuple[str, ...]:
    tags = fields.texts(raw, "languages", fields.ID_LIMIT)
    return tuple(
        [tag for item in tags if (tag := fields.language({"languages": item}, "languages"))]
    )
