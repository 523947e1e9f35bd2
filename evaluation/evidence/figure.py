"""One figure with the rows that it is computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum, sqrt
from typing import Final
from urllib.parse import quote

from evaluation.evidence.measures import MEASURES, Measure, Unit

ALL: Final = "*"
"""Stands for all platforms together; ids of platforms are quoted, so that none is the same."""

NORMAL: Final = 1.959963984540054
"""Deviations from the mean within which 95 % of a normal distribution lie."""


@dataclass(frozen=True, slots=True)
class Row:
    """An aggregated row: so much of so much in one part of what a figure is about."""

    part: str
    numerator: float
    denominator: float | None = None
    sign: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measure of one platform, or of all (`*`), in one slice.

    `between` names the best and the worst of a gap. A withheld figure has neither value nor rows:
    too few learners are behind it, or it would give away one that has too few.
    """

    measure: str
    platform: str
    slice: Mapping[str, str] = field(default_factory=dict)
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    between: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def id(self) -> str:
        """Names the figure in every report; it has neither commas nor quotation marks."""
        place = ALL if self.platform == ALL else quote(self.platform, safe="").replace("*", "%2A")
        slices = (f"{name}={quote(value, safe='')}" for name, value in self.slice.items())
        return "/".join((self.measure, place, *slices))

    @property
    def withheld(self) -> bool:
        """Whether it is kept back."""
        return self.value is None

    @property
    def about(self) -> Measure:
        """What is measured."""
        return MEASURES[self.measure]


def figure(
    measure: str, platform: str, slice_: Mapping[str, str], rows: Iterable[Row]
) -> Figure | None:
    """The figure of some rows; None where there is nothing to divide by."""
    kept = tuple(rows)
    numerator = fsum(row.numerator for row in kept)
    if MEASURES[measure].unit is Unit.COUNT:
        value, denominator = numerator, None
    else:
        denominator = fsum(row.denominator or 0 for row in kept)
        if not denominator:
            return None
        value = numerator / denominator
    is_share = MEASURES[measure].unit is Unit.SHARE and denominator is not None
    low, high = wilson(numerator, denominator or 0) if is_share else (None, None)
    return Figure(
        measure=measure,
        platform=platform,
        slice=dict(slice_),
        value=value,
        numerator=numerator,
        denominator=denominator,
        low=low,
        high=high,
        rows=kept,
    )


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """The 95 % score interval of a share. Wilson, Probable Inference (1927)."""
    share, square = successes / trials, NORMAL**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    spread = sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    half = NORMAL * spread / (1 + square / trials)
    # At the ends rounding would leave a trace of what is not there.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return low, 1.0 if successes == trials else min(1.0, middle + half)


def newcombe(first: Figure, second: Figure) -> tuple[float, float]:
    """The 95 % interval of one share less another. Newcombe, Interval Estimation (1998)."""
    (p1, l1, u1), (p2, l2, u2) = _bounds(first), _bounds(second)
    down, up = sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return p1 - p2 - down, p1 - p2 + up


def _bounds(one: Figure) -> tuple[float, float, float]:
    return one.value or 0.0, one.low or 0.0, one.high or 0.0
