"""Noise on sums over learners: bounded by learner, Laplace, drawn once for the same sums.

Dwork and others, Calibrating Noise to Sensitivity (2006). What one learner adds to a table is
bounded first, so that the noise that hides any of them is known. The draws are a function of the
sums and of a secret of the workspace: a report that is made again of the same sums has the same
noise, and the mean over many readings tells nothing more than one.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import copysign, log1p
from typing import Final

from evaluation.evidence.cells import Cell, Key, Sums

MOST_CELLS: Final = 5
"""Cells of one table in which a learner counts, where there is noise."""

_BITS: Final = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """How learners are protected: how many make a cell, and the budget of a whole report.

    Without `epsilon` there is no noise.
    """

    least: int
    epsilon: float | None = None
    secret: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of sums over learners: `most` is what one adds to each sum over all its cells."""

    name: str
    most: float
    width: int = 1

    def scales(self, epsilon: float) -> tuple[float, ...]:
        """The scale of the noise on the count of learners and on each sum."""
        return tuple(each / epsilon for each in (MOST_CELLS, *[self.most] * self.width))


def bounded(learner: Mapping[Key, Sums], most: float) -> dict[Key, Sums]:
    """What a learner adds at most: the MOST_CELLS with the most, all scaled to `most` together.

    The first of the sums bounds the others.
    """
    largest = sorted(learner, key=lambda key: (*(-value for value in learner[key]), key))
    kept = {key: learner[key] for key in sorted(largest[:MOST_CELLS])}
    total = sum(values[0] for values in kept.values() if values)
    factor = min(1.0, most / total) if total else 1.0
    return {key: tuple(factor * value for value in values) for key, values in kept.items()}


def noisy(cells: Iterable[Cell], table: Table, epsilon: float, secret: bytes) -> list[Cell]:
    """The cells with noise of `epsilon` on each number, none below zero.

    No sum is above the first, which counts what the others add up; without learners all are zero.
    """
    exact = list(cells)
    state = repr((table, epsilon, exact)).encode()
    mark = hmac.digest(secret, state, hashlib.sha512)
    found = []
    for cell in exact:
        drawn = [
            max(0.0, round(value + scale * _laplace(mark, f"{cell.key!r} {number}"), 2))
            for number, (value, scale) in enumerate(
                zip((cell.learners, *cell.sums), table.scales(epsilon), strict=True)
            )
        ]
        learners, *sums = round(drawn[0]), *drawn[1:]
        capped = (min(value, sums[0]) if learners else 0.0 for value in sums)
        found.append(Cell(cell.key, learners, tuple(capped)))
    return found


def _laplace(mark: bytes, name: str) -> float:
    """A draw from the Laplace distribution of scale 1."""
    digest = hmac.digest(mark, name.encode(), hashlib.sha512)
    uniform = (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) + 0.5
    place = 2 * uniform / 2**_BITS - 1
    return copysign(-log1p(-abs(place)), place)
