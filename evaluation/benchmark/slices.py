"""Queries in named groups, so that a good mean does not hide whom a model serves badly.

A group that is missing in the data is named too: «not stated» is a group like any other.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.records import Resource
from evaluation.alignment.scoring import Gold, mean
from evaluation.measures.gaps import ENOUGH, NOT_STATED
from evaluation.measures.metrics import calibration_error
from models.languages import primary

MEASURES = ("mean_f2", "recall@1", "recall@10", "mrr")
_FREQUENCIES = ((1, "1"), (5, "2–5"), (20, "6–20"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one query came to: its MEASURES, the slices it is in, and what could be shown for it.

    `pairs` are the confidences of .05 or more, each with whether it was right.
    """

    values: Mapping[str, float]
    slices: Mapping[str, tuple[str, ...]]
    pairs: tuple[tuple[float, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The queries that are `name` in respect of `by`, with their figures.

    `interval` is that of mean F2; `ece` is the calibration error over `pairs` suggestions.
    """

    by: str
    name: str
    queries: int
    values: Mapping[str, float]
    interval: tuple[float, float]
    pairs: int
    ece: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How far mean F2 is apart between the best and the worst slice of one respect."""

    by: str
    best: Slice
    worst: Slice

    @property
    def width(self) -> float:
        """Best minus worst."""
        return self.best.values["mean_f2"] - self.worst.values["mean_f2"]


def memberships(
    resources: Mapping[str, Resource], gold: Gold
) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """For each of the gold's queries the slices it is in; it may be in several of one respect.

    Frequency is how many of these queries a right outcome has.
    """
    counts = Counter(outcome for relevant in gold.values() for outcome in relevant)
    return {
        query: {
            "language": (primary(resources[query].language or "") or NOT_STATED,),
            "subject": (resources[query].subject or NOT_STATED,),
            "level": resources[query].levels or (NOT_STATED,),
            "kind": (resources[query].kind or NOT_STATED,),
            "frequency": tuple(sorted({_frequency(counts[outcome]) for outcome in relevant})),
        }
        for query, relevant in gold.items()
    }


def slices(per_query: Mapping[str, Measured]) -> tuple[Slice, ...]:
    """Every slice, respect by respect, the largest first."""
    members: dict[str, dict[str, list[Measured]]] = defaultdict(lambda: defaultdict(list))
    for query in per_query.values():
        for by, names in query.slices.items():
            for name in names:
                members[by][name].append(query)
    return tuple(
        _slice(by, name, named[name])
        for by, named in members.items()
        for name in sorted(named, key=lambda name: (-len(named[name]), name))
    )


def ranked(found: Sequence[Slice]) -> tuple[Slice, ...]:
    """The slices of ENOUGH queries that have another such one to compare with, the worst first.

    The only one of its respect would be the worst and the best at once.
    """
    large = [each for each in found if each.queries >= ENOUGH]
    among = Counter(each.by for each in large)
    comparable = [each for each in large if among[each.by] > 1]
    return tuple(sorted(comparable, key=lambda each: each.values["mean_f2"]))


def gaps(found: Sequence[Slice]) -> tuple[Gap, ...]:
    """The gap of each respect that has two slices of ENOUGH queries, the widest first."""
    by_respect: dict[str, list[Slice]] = defaultdict(list)
    for each in ranked(found):
        by_respect[each.by].append(each)
    wide = [Gap(by=by, best=each[-1], worst=each[0]) for by, each in by_respect.items()]
    return tuple(sorted(wide, key=lambda gap: -gap.width))


def _slice(by: str, name: str, queries: Sequence[Measured]) -> Slice:
    confidences = np.array([confidence for query in queries for confidence, _ in query.pairs])
    right = np.array([right for query in queries for _, right in query.pairs], dtype=bool)
    f2 = mean(np.array([query.values["mean_f2"] for query in queries]))
    return Slice(
        by=by,
        name=name,
        queries=len(queries),
        values={
            name: round(float(np.mean([query.values[name] for query in queries])), 4)
            for name in MEASURES
        },
        interval=(round(f2.low, 4), round(f2.high, 4)),
        pairs=len(right),
        ece=round(calibration_error(confidences, right), 4),
    )


def _frequency(resources: int) -> str:
    return next((name for most, name in _FREQUENCIES if resources <= most), "more than 20")
