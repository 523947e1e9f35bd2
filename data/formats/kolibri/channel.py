"""Kolibri channels: a tree in a JSON file, or the database of a channel."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, cast

from data.errors import GatewaysError
from data.formats.defaults import defaults_for
from data.formats.fields import RowError, check_extra
from data.formats.kolibri import database, tree
from data.formats.kolibri.nodes import READERS, Node
from data.formats.lines import is_file, open_bytes
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.rows import records
from data.formats.whole_file import read_json
from data.records import Alignment, Dataset, Outcome, Record, Resource

_JSON: Final = (".json", ".json.gz")
_SNIFFED: Final = 65_536  # bytes
_MOST: Final = 256 * 2**20  # bytes
_TREES = (b'"kind"', b'"kind_id"', b'"source_domain"')


class Kolibri:
    """Reads the tree of a channel; see docs/formats.md."""

    name = "kolibri"
    expects = (
        "a channel of Kolibri: a file whose name ends in .json with topics and their children, or "
        "a database whose name ends in .sqlite3"
    )

    def recognises(self, path: Path) -> bool:
        """Whether `path` is a database with Kolibri's nodes, or begins as a tree of them."""
        if path.suffix.lower() in database.ENDINGS:
            return is_file(path) and database.is_channel(path)
        return path.name.lower().endswith(_JSON) and is_file(path) and _begins_as_tree(path)

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Open a channel. Raises GatewaysError when nothing of it can be read."""
        is_json = path.name.lower().endswith(_JSON)
        if not is_file(path) or not (is_json or database.is_channel(path)):
            raise GatewaysError(f"{path}: this is not {self.expects}")
        nodes: Callable[[], Iterable[Node | Refusal]]
        if is_json:
            value = read_json(path, _MOST, "split the channel")
            if not tree.is_channel(value):
                raise GatewaysError(f"{path}: no node has `children`; this is not {self.expects}")
            nodes = partial(tree.nodes, value, str(path))
            frameworks = tree.channels(value)
        else:
            nodes = partial(database.nodes, path)
            frameworks = database.channels(path)
        name = path.name.removesuffix(".gz").rpartition(".")[0].encode("utf-8", "replace").decode()
        dataset = Dataset(name=name or self.name, extra={"frameworks": frameworks})
        try:
            check_extra(dataset.extra, options.max_text)
        except RowError as error:
            raise GatewaysError(f"{path}: {error}") from None
        for kind in READERS:
            defaults_for(kind, options, dataset.name)
        return ChannelDocument(dataset, str(path), nodes, options)


@dataclass(frozen=True, slots=True)
class ChannelDocument:
    """An opened channel; `nodes` begins anew at each call."""

    dataset: Dataset
    file: str
    nodes: Callable[[], Iterable[Node | Refusal]]
    options: ReadOptions
    kinds = frozenset({Outcome, Resource, Alignment})

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield topics, content, or content with its topic; a row's line is the node's place."""
        own = cast(type[Record], kind)
        if own in READERS:
            defaults = defaults_for(own, self.options, self.dataset.name)
            objects = READERS[own](self.nodes())
            yield from records(own, objects, self.file, defaults, self.options.max_text)


def _begins_as_tree(path: Path) -> bool:
    try:
        with open_bytes(path) as file:
            head = file.read(_SNIFFED)
    except (OSError, EOFError, zlib.error):
        return False
    return b'"children"' in head and any(word in head for word in _TREES)
