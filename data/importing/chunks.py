"""Rows of a document, a transaction's worth at a time."""

from collections.abc import Iterable, Iterator
from typing import Any

from data.formats.protocol import Refusal, Row

ROWS = 1000
CHARACTERS = 8_000_000  # long texts make a chunk shorter, so that memory stays bounded


def chunks(rows: Iterable[Row[Any] | Refusal]) -> Iterator[list[Row[Any] | Refusal]]:
    """Cut a stream into lists of at most ROWS rows and about CHARACTERS of text."""
    chunk: list[Row[Any] | Refusal] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        if isinstance(row, Row):
            characters += len(getattr(row.record, "text", ""))
        if len(chunk) == ROWS or characters > CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk
