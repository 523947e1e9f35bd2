"""What frameworks call subjects and levels, and which outcomes have each."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np

from models.entry import Entry
from models.index import Rows
from models.suggestion import Query

Name = TypeVar("Name", str, str | None)


class KnownNames:
    """The names that one framework has for subjects and levels, and the rows of each."""

    def __init__(self, entries: Sequence[Entry], rows: Rows) -> None:
        here = [entries[row] for row in rows.tolist()]
        subjects = rows_of([folded(entry.outcome.subject)] for entry in here)
        levels = rows_of(entry.levels for entry in here)
        self._subjects = {name: rows[places] for name, places in subjects.items()}
        self._levels = {name: rows[places] for name, places in levels.items()}

    def of(self, query: Query) -> tuple[str | None, set[str]]:
        """What the framework can tell of the query: its subject, and its levels."""
        subject = folded(query.subject)
        return subject if subject in self._subjects else None, self._levels.keys() & query.levels

    def agreeing(self, query: Query) -> Rows | None:
        """The rows of the subject and of a level, of which at least one is known; None if none."""
        subject, levels = self.of(query)
        if subject is None and not levels:
            return None
        of_levels = [self._levels[level] for level in levels]
        if subject is None:
            return np.concatenate(of_levels)
        of_subject = self._subjects[subject]
        return np.intersect1d(of_subject, np.concatenate(of_levels)) if levels else of_subject


def rows_of(values: Iterable[Iterable[Name]]) -> dict[Name, Rows]:
    """The places of each value among lists of values."""
    found: dict[Name, list[int]] = {}
    for row, each in enumerate(values):
        for value in each:
            found.setdefault(value, []).append(row)
    return {value: np.array(rows, dtype=np.int64) for value, rows in found.items()}


@lru_cache(maxsize=10_000)
def folded(name: str | None) -> str | None:
    """A subject as it is compared; None for one without letters."""
    return name.casefold().strip() or None if name else None
