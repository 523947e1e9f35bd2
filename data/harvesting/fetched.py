"""What lies at an address → a document: fetched into a file first, and then read as any file is."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote, urlsplit

from data.errors import GatewaysError
from data.formats.protocol import Document, R, ReadOptions, Refusal, Row
from data.formats.registry import open_document
from data.harvesting.fetching import Answer, Fetcher
from data.progress import progress_bar
from data.records import Dataset, Record
from data.settings import Settings

_LONGEST_NAME: Final = 100
_ODD: Final = re.compile(r"[^\w.-]+")
_ENDINGS: Final = {
    "application/json": ".json",
    "application/ld+json": ".jsonld",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/tab-separated-values": ".tsv",
}
"""How a file of each type ends, by which formats recognise it."""

_TELLING: Final = (*_ENDINGS.values(), ".htm", ".ndjson", ".sqlite3", ".sqlite", ".db")


@contextmanager
def opened(
    place: str, options: ReadOptions, format_: str, settings: Settings
) -> Iterator[Document]:
    """Open the document at a path or, fetched first, at an address. Raises GatewaysError."""
    if not place.lower().startswith(("https://", "http://")):
        yield open_document(Path(place), options, format_)
        return
    with TemporaryDirectory(prefix="gateways-") as folder:
        with progress_bar(f"fetching {urlsplit(place).netloc}, bytes", None) as advance:
            fetcher = replace(Fetcher.within(settings), heard=advance)
            file = fetch(fetcher, place, Path(folder))
        yield open_fetched(file, place, options, format_)


def fetch(fetcher: Fetcher, url: str, folder: Path, name: str | None = None) -> Path:
    """Fetch what lies at an address into a file of the folder. Raises GatewaysError."""
    answer = fetcher.get(url)
    file = folder / (name or _name(answer))
    file.write_bytes(answer.body)
    return file


def open_fetched(file: Path, url: str, options: ReadOptions, format_: str) -> Document:
    """Open a file that was fetched; what is said of it names the address.

    Raises GatewaysError when no format knows it.
    """
    try:
        document = open_document(file, options, format_)
    except GatewaysError as error:
        raise GatewaysError(str(error).replace(str(file), url)) from None
    return FetchedDocument(replace(document.dataset, source=url), document, str(file), url)


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A document whose rows are said to stand at the address that it was fetched from."""

    dataset: Dataset
    within: Document
    file: str
    url: str

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """Those of the file."""
        return self.within.kinds

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield what the file has."""
        for row in self.within.read(kind):
            yield replace(row, file=row.file.replace(self.file, self.url))


def _name(answer: Answer) -> str:
    """What the address calls the file, with an ending that tells what is in it."""
    last = unquote(urlsplit(answer.url).path).rstrip("/").rpartition("/")[2]
    name = _ODD.sub("-", last)[-_LONGEST_NAME:].lstrip(".") or "document"
    if name.lower().removesuffix(".gz").endswith(_TELLING):
        return name
    said = answer.content_type.partition(";")[0].strip().lower()
    return name + _ENDINGS.get(said, "")
