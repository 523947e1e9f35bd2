"""What a format is: something that recognises a path and reads records from it, row by row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from data.records import Dataset, Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Called:
    """How a source calls one thing: what may be a resource's id or address, or an outcome's id."""

    resource: tuple[str, ...]
    outcome: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """One record and where it stands.

    One that `may_wait` is not refused while what it points at is not in the catalogue. An
    interaction may tell in other words what it is `about`, the nearest first, and under which id
    its source knows it.
    """

    record: R
    file: str
    line: int
    may_wait: bool = False
    about: tuple[Called, ...] = ()
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that cannot be taken in, and why."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the caller knows of the file that the file does not say itself.

    `columns` maps our field names to the source's, for tables; `kind` is "resources" or
    "outcomes"; `defaults` fill fields that a row lacks (framework, language, …); with `make_ids` a
    row of a table that has no id is given one. `sites` are the addresses of this service, which
    others name our pages by.
    """

    kind: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    make_ids: bool = False
    max_text: int = 1_000_000
    sites: tuple[str, ...] = ()


class Document(Protocol):
    """An opened source. Rows are read anew at each call, so memory holds one row at a time."""

    @property
    def dataset(self) -> Dataset:
        """Whose rows these are."""
        ...

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """The kinds of record it has; a kind that is not here says nothing about removal."""
        ...

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield the records of one kind in their order, and a refusal for each bad row."""
        ...


class Format(Protocol):
    """One way to write records down."""

    name: str
    expects: str  # what a path must be, for a person: "a folder with …"

    def recognises(self, path: Path) -> bool:
        """Whether `path` looks like this format."""
        ...

    def open(self, path: Path, options: ReadOptions) -> Document:
        """Open `path`. Raises GatewaysError when nothing of it can be read."""
        ...
