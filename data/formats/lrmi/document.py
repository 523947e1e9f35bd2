"""LRMI: learning resources of schema.org as JSON-LD, in a file of their own or within a page."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from data.errors import GatewaysError
from data.formats.defaults import defaults_for
from data.formats.lines import Object, is_file, json_objects, line_limit, open_bytes
from data.formats.lrmi import schema_org
from data.formats.lrmi.alignments import ALIGNING, split
from data.formats.lrmi.fields import fields_of
from data.formats.lrmi.json_ld import WHOLE, Found, Names, TooDeepError, plain, read_page
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.rows import records
from data.formats.whole_file import read_json
from data.records import Alignment, Dataset, Record, Resource

_LINES = (".jsonl", ".ndjson")
_PAGES = (".html", ".htm", ".xhtml")
_SNIFFED = 65_536  # bytes
_RESOURCES: Final = frozenset({"LearningResource", "Course", "Quiz", "Syllabus"})
_LEARNING: Final = frozenset(
    (*ALIGNING, "educationalLevel", "educationalUse", "learningResourceType", "typicalAgeRange")
)
_OTHERS: Final = frozenset(
    {"EducationEvent", "EducationalOccupationalCredential", "EducationalOccupationalProgram"}
)
_WITHIN = ("@graph", "mainEntity", "itemListElement", "dataFeedElement", "item")


class Lrmi:
    """Reads JSON-LD, plain or gzip'd; see docs/formats.md."""

    name = "lrmi"
    expects = (
        "a file of schema.org LearningResources whose name ends in .jsonld, .json or .jsonl, or a "
        "page whose name ends in .html with a script of type application/ld+json"
    )

    def recognises(self, path: Path) -> bool:
        """Whether `path` ends as JSON-LD or a page, or as JSON and begins with words of LRMI."""
        ending = _ending(path)
        if ending in (".jsonld", *_PAGES):
            return is_file(path)
        return ending in (".json", *_LINES) and is_file(path) and _speaks_of_learning(path)

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Open a file. Raises GatewaysError when it is not JSON or has no learning resource."""
        if _ending(path) not in (".jsonld", ".json", *_LINES, *_PAGES) or not is_file(path):
            raise GatewaysError(f"{path}: this is not {self.expects}")
        dataset = Dataset(name=_stem(path).encode("utf-8", "replace").decode())
        defaults_for(Resource, options, dataset.name)
        if _ending(path) in _LINES:
            return LrmiDocument(dataset, path, None, options)
        if _ending(path) in _PAGES:
            values = list(read_page(path))
        else:
            value = read_json(path, *WHOLE)
            values = list(enumerate(value if isinstance(value, list) else [value], start=1))
        document = LrmiDocument(dataset, path, values, options)
        if not any(document.nodes()):
            raise GatewaysError(f"{path}: there is no LearningResource of schema.org in it")
        return document


@dataclass(frozen=True, slots=True)
class LrmiDocument:
    """An opened file; `values` are None where each line has its own."""

    dataset: Dataset
    path: Path
    values: list[Found | Refusal] | None
    options: ReadOptions
    kinds = frozenset({Resource, Alignment})

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield resources, or the alignments that they state, in the order of the file.

        A row is numbered by its line, or by its place in a list or graph.
        """
        own = cast(type[Record], kind)
        if own in self.kinds:
            objects = self._resources() if own is Resource else self._alignments()
            defaults = defaults_for(own, self.options, self.dataset.name)
            file, limit = str(self.path), self.options.max_text
            yield from records(own, objects, file, defaults, limit)

    def nodes(self) -> Iterator[Object | Refusal]:
        """The objects that are learning resources, with plain names."""
        is_one = self.values is not None and len(self.values) == 1
        is_graph = is_one and _ending(self.path) not in _PAGES
        for item in self._values():
            if isinstance(item, Refusal):
                yield item
                continue
            line, value = item
            try:
                found = _resources(plain(value, Names()))
            except TooDeepError as error:
                yield Refusal(str(self.path), line, str(error))
                continue
            for place, node in enumerate(found, start=1):
                yield (place if is_graph else line), node

    def _values(self) -> Iterator[Found | Refusal]:
        if self.values is not None:
            return iter(self.values)
        return json_objects(self.path, line_limit(self.options.max_text))

    def _resources(self) -> Iterator[Object | Refusal]:
        for item in self.nodes():
            if isinstance(item, Refusal):
                yield item
                continue
            line, raw = item[0], fields_of(item[1])
            if "id" in raw:
                yield line, raw
            else:
                reason = "it has no identifier, @id or url; give it one of them"
                yield Refusal(str(self.path), line, reason)

    def _alignments(self) -> Iterator[Object | Refusal]:
        for item in self.nodes():
            if isinstance(item, Refusal):
                yield item
                continue
            line, node = item
            if id_ := fields_of(node).get("id"):
                for raw in split(node).alignments:
                    yield line, {"resource": id_, **raw}


def _resources(value: Any) -> list[dict[str, Any]]:
    """The learning resources in a value, with what they name by its @id only put in its place."""
    found: list[dict[str, Any]] = []
    named: dict[str, dict[str, Any]] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            if isinstance(name := one.get("@id"), str) and len(one) > 1:
                named.setdefault(name, one)
            if _is_resource(one):
                found.append(one)
            else:
                waiting += [one[name] for name in reversed(_WITHIN) if name in one]
    return [_resolved(node, named) for node in found]


def _is_resource(node: dict[str, Any]) -> bool:
    types = set(schema_org.texts(node.get("@type")))
    if types & _RESOURCES:
        return True
    return bool(types) and not types & _OTHERS and not _LEARNING.isdisjoint(node)


def _resolved(node: dict[str, Any], named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    def whole(value: Any) -> Any:
        if isinstance(value, dict) and len(value) == 1:
            return named.get(str(value.get("@id")), value)
        return value

    return {
        name: [whole(item) for item in value] if isinstance(value, list) else whole(value)
        for name, value in node.items()
    }


def _speaks_of_learning(path: Path) -> bool:
    try:
        with open_bytes(path) as file:
            head = file.read(_SNIFFED)
    except (OSError, EOFError, zlib.error):
        return False
    is_linked = b'"@context"' in head or b'"@type"' in head
    return is_linked and (b"schema.org" in head or b"LearningResource" in head)


def _ending(path: Path) -> str:
    return path.with_suffix("").suffix.lower() if path.suffix == ".gz" else path.suffix.lower()


def _stem(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).stem
