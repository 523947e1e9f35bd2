"""Which id is in which row, and which rows are still found."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from models.index.names import Names
from models.index.protocol import Mask, Rows

Bits = npt.NDArray[np.uint8]
"""A mask with eight rows a byte, the lowest bit first, as FAISS's `IDSelectorBitmap` reads it."""

GONE: Final = ""
"""Stands for the id of a row that is no longer found."""


class Roll:
    """The ids of rows in order of arrival. Whoever owns it holds a lock while it changes."""

    def __init__(self, ids: Sequence[str] = ()) -> None:
        self.ids = Names(ids)
        self._live = np.fromiter((name != GONE for name in ids), dtype=bool, count=len(ids))
        self._live[self.ids.repeated()] = False
        self._found = int(self._live.sum())
        self._packed: Bits | None = None

    def __len__(self) -> int:
        return self._found

    @property
    def gone(self) -> int:
        """How many rows are no longer found."""
        return len(self.ids) - self._found

    @property
    def live(self) -> Rows:
        """The rows that are found, in their order."""
        return np.flatnonzero(self._live)

    def bits(self, allowed: Mask | None = None) -> Bits | None:
        """The rows that are found and `allowed` [n], None for all. Later changes do not show.

        Rows that came after the mask was made are not allowed.
        """
        if allowed is None and not self.gone:
            return None
        if self._packed is None:  # made once for all searches between two changes
            self._packed = np.packbits(self._live, bitorder="little")
        if allowed is None:
            return self._packed
        bits = np.zeros_like(self._packed)
        bits[: -(-len(allowed) // 8)] = np.packbits(allowed, bitorder="little")
        bits &= self._packed
        return bits

    def rows(self, ids: Iterable[str]) -> Rows:
        """The row of each id [n], -1 for one that is not found."""
        rows = self.ids.rows(ids)
        there = np.flatnonzero(rows >= 0)
        rows[there[~self._live[rows[there]]]] = -1
        return rows

    def add(self, ids: Sequence[str]) -> None:
        """Append a row for each; an id that is known, or comes again, moves to its last one."""
        self.remove(ids)
        rows = np.arange(len(self.ids), len(self.ids) + len(ids))
        self.ids.add(ids)
        last = self.ids.rows(ids) == rows
        last &= np.fromiter((name != GONE for name in ids), dtype=bool, count=len(ids))
        self._live = np.append(self._live, last)
        self._changed()

    def remove(self, ids: Iterable[str]) -> None:
        """Stop finding these ids; unknown ones are ignored."""
        rows = self.rows(ids)
        self._live[rows[rows >= 0]] = False
        self._changed()

    def _changed(self) -> None:
        self._found = int(np.count_nonzero(self._live))
        self._packed = None
