"""Sums over learners by cell, and which of them may be told.

Cells with too few learners are put together with the smallest of the same platform that has enough,
so that the platform's total stays right and none of them can be told from it. Where no cell has
enough, they are not told at all. Totals are made of what is told alone, so none gives anything
away. That nobody was there is told.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = tuple[str, str]
"""A platform, and a kind or a framework of it."""

Sums: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """How many learners there are in a cell, and the sums over them."""

    key: Key
    learners: float
    sums: Sums = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """Several cells of one platform together; how many learners that are is not told."""

    platform: str
    names: tuple[str, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told, and the keys of what is kept back."""

    cells: tuple[Cell, ...]
    pools: tuple[Pool, ...]
    withheld: frozenset[Key]


def told(cells: Sequence[Cell], least: float) -> Told:
    """What may be told where `least` learners are enough."""
    by_platform: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_platform[cell.key[0]].append(cell)
    shown: list[Cell] = []
    pools: list[Pool] = []
    for platform, here in by_platform.items():
        enough = sorted(
            (cell for cell in here if cell.learners >= least),
            key=lambda cell: (cell.learners, cell.key),
        )
        small = [cell for cell in here if 0 < cell.learners < least]
        empty = [cell for cell in here if not cell.learners]
        if small and enough:
            together = [*small, enough.pop(0)]
            names = tuple(sorted(cell.key[1] for cell in together))
            pools.append(Pool(platform, names, _added(together)))
        shown += [*enough, *empty]
    is_shown = {cell.key for cell in shown}
    return Told(
        cells=tuple(sorted(shown, key=lambda cell: cell.key)),
        pools=tuple(pools),
        withheld=frozenset(cell.key for cell in cells if cell.key not in is_shown),
    )


def _added(cells: Sequence[Cell]) -> Sums:
    return tuple(map(sum, zip(*(cell.sums for cell in cells), strict=True)))
