"""A list as a table: a row for each resource, under headings in the reader's words; as CSV."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from data.formats.harmless import harmless
from data.formats.lists.lines import Line, Listed, called


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How the reader calls the nine columns, and kinds and languages of resources."""

    columns: Sequence[str]
    kind: Callable[[str | None], str]
    language: Callable[[str], str]
    is_rtl: bool = False


def rows(listed: Listed, words: Words) -> Iterator[tuple[str, ...]]:
    """The cells of each line, as many as there are columns."""
    for line in listed.lines:
        yield _cells(line, words)


def csv_of(listed: Listed, words: Words) -> bytes:
    """The table as CSV in UTF-8."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(words.columns)
    for row in rows(listed, words):
        table.writerow(map(harmless, row))
    return written.getvalue().encode()


def _cells(line: Line, words: Words) -> tuple[str, ...]:
    resource = line.resource
    return (
        str(line.position),
        line.title,
        line.address,
        words.kind(resource.kind) if resource else "",
        words.language(resource.language) if resource and resource.language else "",
        "; ".join(resource.levels) if resource else "",
        (resource.license or "") if resource else "",
        "; ".join(map(called, line.outcomes)),
        line.note,
    )
