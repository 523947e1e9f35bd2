"""How far the best and the worst served parts of a curriculum are apart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from evaluation.evidence.coverage import NOT_STATED
from evaluation.evidence.figure import Figure, newcombe

ENOUGH: Final = 10
"""Outcomes that a part must have; the coverage of fewer is high or low by chance."""

_BY: Final = ("language", "level", "subject")


def gaps(coverage: Iterable[Figure]) -> list[Figure]:
    """A gap for each framework of each platform that has two parts or more, by each respect."""
    parts: dict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for one in coverage:
        for by in _BY:
            if one.slice.get(by, NOT_STATED) != NOT_STATED and (one.denominator or 0) >= ENOUGH:
                parts[one.platform, one.slice["framework"], by].append(one)
    return [
        _gap(framework, by, sorted(found, key=lambda one: (one.value or 0.0, one.id)))
        for (_, framework, by), found in parts.items()
        if len(found) > 1
    ]


def _gap(framework: str, by: str, ordered: list[Figure]) -> Figure:
    worst, best = ordered[0], ordered[-1]
    low, high = newcombe(best, worst)
    rows = [
        replace(row, part=f"{one.slice[by]}|{row.part}", sign=sign)
        for one, sign in ((best, 1), (worst, -1))
        for row in one.rows
    ]
    return Figure(
        measure="coverage_gap",
        platform=best.platform,
        slice={"framework": framework, "by": by},
        value=(best.value or 0.0) - (worst.value or 0.0),
        low=low,
        high=high,
        between=(best.slice[by], worst.slice[by]),
        rows=tuple(rows),
    )
