"""Values → places in a drawing; the templates draw the lines.

Drawn by hand rather than by a plotting library: such drawings are small, take their colours from
the page, so that they are readable in light, in dark and on paper, and their letters are letters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

Range = tuple[float, float]

WIDTH, HEIGHT = 400, 270
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 10, 42
ROW = 36
NAMES = 125
LINE = 14
_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """A drawing WIDTH wide in which `across` runs to the right and `up` upwards."""

    across: Range
    up: Range = (0, 1)
    across_ticks: Sequence[float]
    up_ticks: Sequence[float] = (0, 0.25, 0.5, 0.75, 1)
    left: int = LEFT
    right: int = WIDTH - RIGHT
    height: int = HEIGHT

    @property
    def bottom(self) -> int:
        """Where the drawing's frame ends below."""
        return self.height - BOTTOM

    def x(self, value: float) -> float:
        """Place of a value from the left; one outside the axis stands at its end."""
        return round(self.left + _share(value, self.across) * (self.right - self.left), 1)

    def y(self, value: float) -> float:
        """Place of a value from the top; one outside the axis stands at its end."""
        return round(self.bottom - _share(value, self.up) * (self.bottom - TOP), 1)

    def anchor(self, value: float) -> str:
        """How the label of a value stands to its place, so that none leaves the drawing."""
        place = self.x(value)
        return "start" if place < LEFT / 2 else "end" if place > WIDTH - LEFT / 2 else "middle"


def shares() -> Axes:
    """Shares against shares, both 0 to 1."""
    return Axes(across=(0, 1), across_ticks=(0, 0.25, 0.5, 0.75, 1))


def depths(deepest: int) -> Axes:
    """Shares against a number of places, 1 to `deepest`."""
    ticks = [tick for tick in (1, 5, 10, 20, 30, 40, 50) if tick <= deepest]
    return Axes(across=(1, max(2, deepest)), across_ticks=ticks)


def steps(count: int) -> Axes:
    """Shares against `count` places, each as far from the next; with room for names beside it."""
    return Axes(across=(0, max(1, count - 1)), across_ticks=range(count), right=WIDTH - NAMES)


def rows(count: int) -> Axes:
    """Shares from left to right, in `count` rows."""
    return Axes(
        across=(0, 1),
        across_ticks=(0, 0.25, 0.5, 0.75, 1),
        left=RIGHT,
        height=TOP + count * ROW + BOTTOM,
    )


def differences(most: float, count: int) -> Axes:
    """Differences of up to `most` either way, 0 in the middle, in `count` rows."""
    step = next((step for step in _STEPS if most <= 2 * step), _STEPS[-1])
    ticks = max(1, ceil(most / step))
    return Axes(
        across=(-step * ticks, step * ticks),
        across_ticks=[step * number for number in range(-ticks, ticks + 1)],
        left=RIGHT,
        height=TOP + count * ROW + BOTTOM,
    )


def spread(places: Sequence[float]) -> list[float]:
    """Places from the top, moved down so far that a LINE of text fits between any two."""
    moved: dict[int, float] = {}
    free = 0.0
    for number in sorted(range(len(places)), key=places.__getitem__):
        moved[number] = max(places[number], free)
        free = moved[number] + LINE
    return [moved[number] for number in range(len(places))]


def _share(value: float, axis: Range) -> float:
    start, end = axis
    return min(1.0, max(0.0, (value - start) / (end - start)))
