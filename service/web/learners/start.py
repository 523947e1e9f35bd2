"""Where a newcomer says that they stand; their pages carry it along in their addresses."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Query


def _start(
    framework: Annotated[str, Query(max_length=1000)] = "",
    level: Annotated[str, Query(max_length=1000)] = "",
) -> dict[str, str]:
    return {"framework": framework, "level": level}


Start: TypeAlias = Annotated[dict[str, str], Depends(_start)]
"""The framework and level in an address, empty where it names none."""
