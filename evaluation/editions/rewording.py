"""How a sentence of a curriculum may be written anew: other words, in parts, with another."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

DROPPED, REPLACED = 5, 6
"""Of so many words one at most is dropped, or replaced by one of a sibling's."""

LEAST_WORDS: Final = 2
_JOINTS: Final = re.compile(r"[,;،]\s+(?:and\s+)?|\s+and\s+|\s+et\s+")
_JOINERS: Final = ("; ", " and ", ", ")


def reworded(title: str, siblings: Sequence[str], draw: np.random.Generator) -> str:
    """The same said a little otherwise: words dropped, swapped, or replaced by a sibling's."""
    words = title.split()
    others = [word for sibling in siblings for word in sibling.split() if len(word) > 3]
    for _ in range(draw.integers(1, 3)):
        way = draw.integers(3)
        if len(words) <= LEAST_WORDS:
            words = [*words, _one(others, draw)] if others else words
        elif way == 0:
            for _ in range(draw.integers(1, max(2, 1 + len(words) // DROPPED))):
                words.pop(draw.integers(len(words)))
        elif way == 1:
            place = draw.integers(len(words) - 1)
            words[place : place + 2] = reversed(words[place : place + 2])
        elif others:
            for _ in range(draw.integers(1, max(2, 1 + len(words) // REPLACED))):
                words[draw.integers(len(words))] = _one(others, draw)
    return " ".join(words)


def cut(title: str, draw: np.random.Generator) -> list[str]:
    """The title in two or more parts, cut where it joins things; empty where it does not."""
    parts = [part.strip(" .;,") for part in _JOINTS.split(title)]
    places = [place for place in range(1, len(parts)) if _is_cut(parts, place)]
    if not places:
        return []
    place = places[draw.integers(len(places))]
    joints = _JOINTS.findall(title)
    return [_written(parts[:place], joints), _written(parts[place:], joints[place:])]


def joined(title: str, other: str, draw: np.random.Generator) -> str:
    """Two titles as one."""
    joiner = _JOINERS[draw.integers(len(_JOINERS))]
    return f"{title.rstrip(' .;')}{joiner}{other[:1].lower()}{other[1:]}"


def _is_cut(parts: Sequence[str], place: int) -> bool:
    """Whether both sides say something."""
    sides = (parts[:place], parts[place:])
    return all(sum(len(part.split()) for part in side) >= LEAST_WORDS for side in sides)


def _written(parts: Sequence[str], joints: Sequence[str]) -> str:
    text = parts[0]
    for joint, part in zip(joints, parts[1:], strict=False):
        text += joint + part
    return text[:1].upper() + text[1:]


def _one(words: Sequence[str], draw: np.random.Generator) -> str:
    return words[int(draw.integers(len(words)))]
