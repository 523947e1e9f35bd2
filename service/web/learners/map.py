"""The way to a goal as a small map: what is required stands before what builds on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

STEP: Final = 56
RADIUS: Final = 16


class Stop(StrEnum):
    """Whether an outcome on the way is at hand, further on, or what is aimed for."""

    READY = "ready"
    LATER = "later"
    GOAL = "goal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An outcome on the map, in the unit of the drawing."""

    number: int
    outcome: Mapping[str, Any]
    mastery: float
    basis: str
    stop: Stop
    resources: int
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """Places in the order in which they are met, and lines between two of them."""

    places: tuple[Place, ...]
    lines: tuple[tuple[Place, Place], ...]
    width: int
    height: int


def drawn(items: Sequence[Mapping[str, Any]], *, mirrored: bool = False) -> Map:
    """The map of a way (see `answers.way`), whose last item is the goal.

    A place stands as far on as the longest chain of what it requires. `mirrored` draws from right
    to left.
    """
    on_the_way = {item["outcome"]["id"] for item in items}
    columns: dict[str, int] = {}
    for item in items:  # what is required comes first
        before = [columns[name] for name in item["requires"] if name in columns]
        columns[item["outcome"]["id"]] = 1 + max(before, default=-1)
    width = STEP * (1 + max(columns.values(), default=0))
    rows = dict.fromkeys(range(len(items)), 0)
    places: dict[str, Place] = {}
    for number, item in enumerate(items, start=1):
        column = columns[item["outcome"]["id"]]
        x, y = STEP * column + STEP // 2, STEP * rows[column] + STEP // 2
        rows[column] += 1
        is_ready = not on_the_way.intersection(item["requires"])
        places[item["outcome"]["id"]] = Place(
            number=number,
            outcome=item["outcome"],
            mastery=item["mastery"],
            basis=item["basis"],
            stop=Stop.READY if is_ready else Stop.GOAL if number == len(items) else Stop.LATER,
            resources=item["resources"],
            x=width - x if mirrored else x,
            y=y,
        )
    lines = [
        (places[name], places[item["outcome"]["id"]])
        for item in items
        for name in item["requires"]
        if name in places
    ]
    height = STEP * max(rows.values(), default=0)
    return Map(places=tuple(places.values()), lines=tuple(lines), width=width, height=height)
