"""How far the best and the worst served are apart, over rows of figures by slice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from data.records import Resource
from models.languages import primary

RESPECTS: Final = ("language", "level")
NOT_STATED: Final = "not stated"
ENOUGH: Final = 30
"""A mean over fewer queries says too little to be called the worst."""

Row: TypeAlias = Mapping[str, Any]


def parts(about: Sequence[Resource]) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """By what, its name, and whether each query [q] is of it, for each of ENOUGH queries.

    `about` has the resource that each query is about.
    """
    said: dict[str, list[tuple[str, ...]]] = {
        "language": [(primary(one.language or "") or NOT_STATED,) for one in about],
        "level": [one.levels or (NOT_STATED,) for one in about],
    }
    for by in RESPECTS:
        for name in sorted({name for each in said[by] for name in each}):
            part = np.array([name in each for each in said[by]])
            if part.sum() >= ENOUGH:
                yield by, name, part


def gaps(
    rows: Sequence[Row], measure: str, *, less_is_better: bool = False
) -> list[dict[str, Any]]:
    """A gap in `measure` for each respect, the widest first, with its best and its worst slice.

    All three are None without two slices to compare, since silence would read as if all were
    served alike.
    """
    found = [_gap(by, rows, measure, less_is_better) for by in RESPECTS]
    return sorted(found, key=lambda gap: (gap["width"] is None, -(gap["width"] or 0.0)))


def ends(gap: Row, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of a gap's worst and best slice; none where there is no gap to tell."""
    own = {row["name"]: row for row in rows if row["by"] == gap["by"]}
    return () if gap["width"] is None else (own[gap["worst"]], own[gap["best"]])


def _gap(by: str, rows: Sequence[Row], measure: str, less_is_better: bool) -> dict[str, Any]:
    own = sorted((row for row in rows if row["by"] == by), key=lambda row: float(row[measure]))
    if len(own) < 2:
        return {"by": by, "width": None, "best": None, "worst": None}
    low, high = own[0], own[-1]
    best, worst = (low, high) if less_is_better else (high, low)
    width = round(high[measure] - low[measure], 4)
    return {"by": by, "width": width, "best": best["name"], "worst": worst["name"]}
