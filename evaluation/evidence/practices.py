"""What platforms with the best coverage do differently. These are associations, not causes."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from evaluation.evidence.figure import ALL, Figure, Row
from evaluation.measures.metrics import Values, percentiles

ENOUGH: Final = 4
"""Platforms with a coverage of their own below which nothing is compared."""

PRACTICES: Final = (
    "described",
    "licence_stated",
    "open_licence",
    "downloadable",
    "aligned",
    "several_languages",
    "recent_alignments",
    "present_decisions",
)
_DRAWS: Final = 2000


def better_half(figures: Sequence[Figure]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The platforms with the best coverage, and the others; None where there are too few."""
    ranked = sorted(_wholes(figures, "coverage").items(), key=lambda one: (-one[1], one[0]))
    if len(ranked) < ENOUGH:
        return None
    names = [platform for platform, _ in ranked]
    half = len(names) // 2
    return tuple(names[:half]), tuple(names[half:])


def practices(figures: Sequence[Figure]) -> list[Figure]:
    """How far each practice is apart in the two halves, where two of each half tell of it."""
    halves = better_half(figures)
    if halves is None:
        return []
    found = []
    for practice in PRACTICES:
        shares = _wholes(figures, practice)
        better, others = (
            {name: shares[name] for name in half if name in shares} for half in halves
        )
        if min(len(better), len(others)) > 1:
            found.append(_difference(practice, better, others))
    return found


def _difference(practice: str, better: Mapping[str, float], others: Mapping[str, float]) -> Figure:
    first, second = np.array([*better.values()]), np.array([*others.values()])
    generator = np.random.default_rng(0)
    low, high = percentiles(_drawn(first, generator) - _drawn(second, generator))
    rows = [
        Row(name, share, 1.0, sign)
        for half, sign in ((better, 1), (others, -1))
        for name, share in half.items()
    ]
    return Figure(
        measure="practice",
        platform=ALL,
        slice={"practice": practice},
        value=float(first.mean() - second.mean()),
        low=low,
        high=high,
        rows=tuple(rows),
    )


def _drawn(values: Values, generator: np.random.Generator) -> Values:
    """Means over platforms that are drawn again and again."""
    places = generator.integers(len(values), size=(_DRAWS, len(values)))
    means: Values = values[places].mean(axis=1)
    return means


def _wholes(figures: Sequence[Figure], measure: str) -> dict[str, float]:
    """Platform → the measure over all of it, of those that have it."""
    return {
        one.platform: one.value
        for one in figures
        if one.measure == measure
        and not one.slice
        and one.platform != ALL
        and one.value is not None
    }
