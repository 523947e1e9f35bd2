"""Where a learner says that they stand and aim; their pages carry it along in their addresses."""

from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Query

CARRIED: Final = ("framework", "level", "goal")


def _start(
    framework: Annotated[str, Query(max_length=1000)] = "",
    level: Annotated[str, Query(max_length=1000)] = "",
    goal: Annotated[str, Query(max_length=1000)] = "",
) -> dict[str, str]:
    return dict(zip(CARRIED, (framework, level, goal), strict=True))


Start: TypeAlias = Annotated[dict[str, str], Depends(_start)]
"""The framework, level and goal in an address, empty where it names none."""
