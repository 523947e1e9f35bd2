"""Outcomes that became several, or several that became one: parts whose words cover the whole."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from models.edition.candidates import NAMES, Pairs, alike
from models.edition.side import Side, Weights, weight
from models.log_odds import expit

WEIGHTS: Final = (6.0, 4.0, 2.0, -3.0)
BIAS: Final = -6.0
"""Of what `Parted` tells in its order, and of nothing."""

INSIDE: Final = 0.6
"""How much of a part's words the whole has at least."""

GAIN: Final = 0.1
"""How much of the whole a part adds at least to those before it."""

COVER: Final = 0.5
MOST_PARTS: Final = 5
_PLACE, _MEANING = NAMES.index("place"), NAMES.index("meaning")


Settled: TypeAlias = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """One row of one edition, and several of the other that it probably is together.

    `told` is what it was judged by: how much of the whole is covered, how much of the part with the
    most other words is inside, how near the parts stand, and how alike the whole is to one of them.
    """

    whole: int
    parts: tuple[int, ...]
    told: tuple[float, ...]

    @property
    def likely(self) -> float:
        """The probability that it is just so."""
        return float(expit(np.dot(WEIGHTS, self.told) + BIAS))


@dataclass(frozen=True, slots=True)
class _Part:
    row: int
    inside: float
    place: float
    fit: float


def parted(
    whole: Side, parts: Side, pairs: Pairs, weights: Weights, settled: Settled
) -> Iterator[Parted]:
    """For each row of `whole` the parts that cover it best, where there are two or more.

    `pairs` have rows of `whole` as their old and of `parts` as their new ones; `settled` rows of
    either are known to be something else.
    """
    inside = _inside(whole, parts, pairs, weights, settled)
    best: dict[int, tuple[float, int]] = {}
    for row, found in inside.items():
        for part in found:
            best[part.row] = max(best.get(part.row, (0.0, -1)), (part.fit, row))
    for row, found in inside.items():
        own = [part for part in found if best[part.row][1] == row]
        yield from _covering(whole, parts, row, own, weights)


def _inside(
    whole: Side, parts: Side, pairs: Pairs, weights: Weights, settled: Settled
) -> dict[int, list[_Part]]:
    """Row of a whole → those that say little that it does not."""
    found: dict[int, list[_Part]] = defaultdict(list)
    rows = zip(pairs.old.tolist(), pairs.new.tolist(), pairs.features, strict=True)
    for row, part, features in rows:
        if row in settled[0] or part in settled[1] or not parts.heads[part]:
            continue
        shared = weight(whole.heads[row] & parts.heads[part], weights)
        inside = shared / weight(parts.heads[part], weights)
        if inside >= INSIDE:
            place = float(features[_PLACE])
            found[row].append(_Part(part, inside, place, inside + place + features[_MEANING]))
    return found


def _covering(
    whole: Side, parts: Side, row: int, own: Sequence[_Part], weights: Weights
) -> Iterator[Parted]:
    """Take what adds most until nothing adds anything."""
    all_of_it = weight(whole.heads[row], weights)
    missing, left = set(whole.heads[row]), list(own)
    chosen: list[_Part] = []
    while left and len(chosen) < MOST_PARTS:
        gains = [weight(missing & parts.heads[part.row], weights) for part in left]
        most = max(gains)
        if most < GAIN * all_of_it:
            break
        part = left.pop(gains.index(most))
        chosen.append(part)
        missing -= parts.heads[part.row]
    cover = 1 - weight(missing, weights) / all_of_it if all_of_it else 0.0
    if len(chosen) > 1 and cover >= COVER:
        yield Parted(
            whole=row,
            parts=tuple(sorted(part.row for part in chosen)),
            told=(
                cover,
                min(part.inside for part in chosen),
                min(part.place for part in chosen),
                max(alike(whole.heads[row], parts.heads[part.row], weights) for part in chosen),
            ),
        )
