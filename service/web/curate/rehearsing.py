"""What an import of a dropped file would do, tried out while someone waits, and not for long."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from data.catalogue import Catalogue
from data.formats.protocol import Document
from data.importing.importer import import_document
from data.importing.report import ImportReport
from data.progress import Advance

LARGEST: Final = 8_000_000
"""Bytes of a file that is rehearsed."""
LONGEST: Final = 2.0
"""So many seconds at most: meanwhile nobody else's decision can be kept."""


class _TooLongError(Exception):
    """A rehearsal is given up, and leaves nothing behind."""


def rehearsal(catalogue: Catalogue, document: Document, file: Path) -> ImportReport | None:
    """What an import would do; None where it takes too long to find out."""
    if file.suffix == ".gz" or file.stat().st_size > LARGEST:
        return None
    ends: list[float] = []  # once it began: it may have waited for another to have written

    def check(_done: int) -> None:
        if time.monotonic() > ends[0]:
            raise _TooLongError

    @contextmanager
    def bounded(_what: str, _total: int | None) -> Iterator[Advance]:
        ends.append(time.monotonic() + LONGEST)
        yield check

    with suppress(_TooLongError):
        return import_document(catalogue, document, dry_run=True, progress=bounded)
    return None
