"""Which id is in which row, and which rows are still found."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from models.index.protocol import Mask, Rows

Bits = npt.NDArray[np.uint8]
"""A mask with eight rows a byte, the lowest bit first, as FAISS's `IDSelectorBitmap` reads it."""

GONE: Final = ""
"""Stands for the id of a row that is no longer found."""


class Roll:
    """The ids of rows in order of arrival. Whoever owns it holds a lock while it changes."""

    def __init__(self, ids: Sequence[str] = ()) -> None:
        self.ids: list[str] = []
        self._row: dict[str, int] = {}
        self._live: Mask = np.zeros(0, dtype=bool)
        self._packed: Bits | None = None
        self.add(ids)

    def __len__(self) -> int:
        return len(self._row)

    @property
    def gone(self) -> int:
        """How many rows are no longer found."""
        return len(self.ids) - len(self._row)

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
        return np.array([self._row.get(name, -1) for name in ids], dtype=np.int64)

    def add(self, ids: Sequence[str]) -> None:
        """Append a row for each; an id that is known, or comes again, moves to its last one."""
        self.remove(ids)
        rows = range(len(self.ids), len(self.ids) + len(ids))
        self._row.update((name, row) for name, row in zip(ids, rows, strict=True) if name != GONE)
        self.ids.extend(ids)
        last = (self._row.get(name) == row for name, row in zip(ids, rows, strict=True))
        self._live = np.append(self._live, np.fromiter(last, dtype=bool, count=len(ids)))
        self._packed = None

    def remove(self, ids: Iterable[str]) -> None:
        """Stop finding these ids; unknown ones are ignored."""
        rows = [row for name in ids if (row := self._row.pop(name, None)) is not None]
        self._live[rows] = False
        self._packed = None
