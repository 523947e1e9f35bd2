"""Ids by row, in a third of the memory that as many strings take with a dictionary."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from models.index.protocol import Rows


class InRows(Sequence[str], ABC):
    """A sequence that finds one row at a time."""

    @abstractmethod
    def at(self, row: int) -> str:
        """The id of a row that is there, counted from the first."""

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        """The id of a row. Raises IndexError beyond the last."""
        every = range(len(self))
        return (
            [self.at(one) for one in every[row]] if isinstance(row, slice) else self.at(every[row])
        )


class Names(InRows):
    """The ids of rows in order of arrival, and the row of each.

    Those that it begins with are packed into arrays; the few that are added are strings. Reading
    needs no lock.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        # Whatever a string is, it comes back, half of a surrogate pair too.
        encoded = [name.encode(errors="surrogatepass") for name in ids]
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
        self._text = b"".join(encoded)
        self._ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        hashes = _hashes(ids)
        self._order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._order]
        self._later: list[str] = []
        self._later_row: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._order) + len(self._later)

    def at(self, row: int) -> str:
        """See InRows."""
        packed = len(self._order)
        return self._packed(row) if row < packed else self._later[row - packed]

    def rows(self, ids: Iterable[str]) -> Rows:
        """The last row of each id [n], -1 for one that is not there."""
        wanted = list(ids)
        hashes = _hashes(wanted)
        places = np.searchsorted(self._hashes, hashes, side="right") - 1
        each = zip(wanted, hashes.tolist(), places.tolist(), strict=True)
        return np.array([self._row(*one) for one in each], dtype=np.int64)

    def add(self, ids: Sequence[str]) -> None:
        """Append a row for each."""
        first = len(self)
        self._later.extend(ids)
        self._later_row.update((name, first + place) for place, name in enumerate(ids))

    def repeated(self) -> Rows:
        """The rows it began with whose id comes again among these."""
        # Nearly all that have a hash in common have the id in common; only these are looked at.
        again = np.flatnonzero(self._hashes[1:] == self._hashes[:-1])
        rows: Rows = self._order[np.unique([again, again + 1])]
        return rows[np.not_equal(self.rows(self[row] for row in rows.tolist()), rows)]

    def _row(self, name: str, hashed: int, place: int) -> int:
        if (later := self._later_row.get(name)) is not None:
            return later
        while place >= 0 and self._hashes[place] == hashed:
            row = int(self._order[place])
            if self._packed(row) == name:
                return row
            place -= 1
        return -1

    def _packed(self, row: int) -> str:
        return self._text[self._ends[row] : self._ends[row + 1]].decode(errors="surrogatepass")


class Joined(InRows):
    """Two sequences one after the other, as they are now."""

    def __init__(self, first: Sequence[str], later: Sequence[str]) -> None:
        self._first = first
        self._later = later

    def __len__(self) -> int:
        return len(self._first) + len(self._later)

    def at(self, row: int) -> str:
        """See InRows."""
        first = len(self._first)
        return self._first[row] if row < first else self._later[row - first]


def _hashes(ids: Sequence[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(hash, ids), np.int64, len(ids))
