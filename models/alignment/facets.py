"""Which outcomes have a framework, a language or a level: filters as masks, without a walk."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from models.entry import Entry
from models.index import Mask, Rows
from models.languages import primary
from models.ranking.known_names import rows_of
from models.suggestion import Filters

RowsOf = Mapping[str, Rows]


class Facets:
    """The rows of each value that a filter can name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._size = len(entries)
        self.frameworks = rows_of([entry.outcome.framework] for entry in entries)
        self._languages = rows_of([primary(entry.outcome.language or "")] for entry in entries)
        self._levels = rows_of(entry.levels for entry in entries)

    def mask(self, filters: Filters) -> Mask:
        """Whether each row [n] passes `filters`."""
        languages = {primary(language) for language in filters.languages}
        passing = np.ones(self._size, dtype=bool)
        for rows, asked in (
            (self.frameworks, filters.frameworks),
            (self._languages, languages),
            (self._levels, filters.levels),
        ):
            if asked:
                passing &= self._any(rows, asked)
        return passing

    def _any(self, rows: RowsOf, asked: Collection[str]) -> Mask:
        mask = np.zeros(self._size, dtype=bool)
        for value in asked:
            mask[rows.get(value, [])] = True
        return mask
