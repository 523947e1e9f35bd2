"""Two editions → pairs of outcomes that may be the same, and what speaks for each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.edition.side import Rows, Side, Weights, weight

Features = npt.NDArray[np.float64]

NEAREST: Final = 10
"""How many of the other edition are looked at for each, by their vectors."""

MOST_ALIKE: Final = 16
"""What more pairs than this have in common tells nothing."""

SLICE: Final = 2048
"""Rows whose similarities are in memory at once."""

SAMPLE: Final = 500
"""Of so many outcomes of each edition it is seen how near any two are."""

LEAST_SPREAD: Final = 0.05

NAMES: Final = ("text", "words", "meaning", "place", "label", "numbers", "below")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Rows of the old and of the new edition, pair by pair, and NAMES' features [pairs, 7].

    Text: the same; words: how many are shared, by their weight; meaning: how near; place: how alike
    what stands above is; label: the same id or code, against it if another has that; numbers: not
    the same ones are named; below: how many of those right below are the same, not known yet.
    """

    old: Rows
    new: Rows
    features: Features


def pairs_of(old: Side, new: Side, weights: Weights) -> Pairs:
    """Every pair that is near in meaning, or has a text, id or code that few have."""
    found = set(_near(old, new)) | {(o, n) for n, o in _near(new, old)}
    for ours, theirs in (
        (old.texts, new.texts),
        (old.names, new.names),
        (_codes(old), _codes(new)),
    ):
        found.update(_shared(ours, theirs))
    found |= _above(old, new, found)
    rows = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return Pairs(old=rows[:, 0], new=rows[:, 1], features=_features(old, new, rows, weights))


def alike(one: frozenset[str], other: frozenset[str], weights: Weights) -> float:
    """How much of two sets of words is shared, 1 if they are the same (Dice)."""
    if one == other:
        return 1.0
    both = weight(one, weights) + weight(other, weights)
    return 2 * weight(one & other, weights) / both if both else 0.0


def _near(one: Side, other: Side) -> Iterator[tuple[int, int]]:
    most = min(NEAREST, len(other.outcomes))
    for start in range(0, len(one.outcomes) if most else 0, SLICE):
        likeness = one.vectors[start : start + SLICE] @ other.vectors.T
        best = np.argpartition(-likeness, most - 1, axis=1)[:, :most]
        for row, columns in enumerate(best.tolist(), start):
            yield from ((row, column) for column in columns)


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int]]:
    here, there = _places(ours), _places(theirs)
    for value in here.keys() & there.keys():
        if value and len(here[value]) * len(there[value]) <= MOST_ALIKE:
            yield from ((row, column) for row in here[value] for column in there[value])


def _above(old: Side, new: Side, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """What stands right above two of the same text."""
    same = (pair for pair in pairs if old.texts[pair[0]] == new.texts[pair[1]])
    above = {(int(old.parents[o]), int(new.parents[n])) for o, n in same}
    return {pair for pair in above if min(pair) >= 0}


def _places(values: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row, value in enumerate(values):
        found[value].append(row)
    return found


def _codes(side: Side) -> list[str]:
    return [outcome.code or "" for outcome in side.outcomes]


def _features(old: Side, new: Side, rows: Rows, weights: Weights) -> Features:
    labels = _Labels(old, new)
    nearness = _nearness(old, new, rows)
    found = np.empty((len(rows), len(NAMES)))
    for place, (o, n) in enumerate(rows.tolist()):
        found[place] = (
            old.texts[o] == new.texts[n],
            alike(old.words[o], new.words[n], weights),
            nearness[place],
            alike(old.above[o], new.above[n], weights),
            labels.speak(o, n),
            old.numbers[o] != new.numbers[n],
            0.0,
        )
    return found


def _nearness(old: Side, new: Side, rows: Rows) -> npt.NDArray[np.float64]:
    """How much nearer two are than any two: encoders differ in how near these are to each other."""
    some, others = (side.vectors[:: 1 + len(side.outcomes) // SAMPLE] for side in (old, new))
    ordinary = float(np.median(some @ others.T))
    cosines = np.einsum("ij,ij->i", old.vectors[rows[:, 0]], new.vectors[rows[:, 1]])
    nearer: npt.NDArray[np.float64] = (cosines - ordinary) / max(1 - ordinary, LEAST_SPREAD)
    return np.clip(nearer, 0, 1)


class _Labels:
    """Ids and codes, and how often each is there."""

    def __init__(self, old: Side, new: Side) -> None:
        self._kinds = [(old.names, new.names), (_codes(old), _codes(new))]
        self._counts = [(Counter(ours), Counter(theirs)) for ours, theirs in self._kinds]

    def speak(self, o: int, n: int) -> float:
        """1 if a label that is there once on either side is the same, -1 if another has it."""
        said = [
            self._one(ours[o], theirs[n], *counts)
            for (ours, theirs), counts in zip(self._kinds, self._counts, strict=True)
        ]
        return max(said, key=abs)

    @staticmethod
    def _one(ours: str, theirs: str, here: Counter[str], there: Counter[str]) -> float:
        if ours and ours == theirs:
            return float(here[ours] == there[theirs] == 1)
        held = (bool(ours) and there[ours] == 1) or (bool(theirs) and here[theirs] == 1)
        return -1.0 if held else 0.0
