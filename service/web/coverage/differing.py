"""Two wordings → the pieces of each, and which of them the other does not have."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby

import regex

Pieces = list[tuple[str, bool]]

_WORDS = regex.compile(r"\s+|[\p{L}\p{M}\p{N}\u200c\u200d'’-]+|.")


def differing(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces, in order, and whether each piece was taken away or added."""
    ours, theirs = _WORDS.findall(before), _WORDS.findall(after)
    match = SequenceMatcher(None, _folded(ours), _folded(theirs), autojunk=False)
    kept = match.get_matching_blocks()
    mine = {block.a + step for block in kept for step in range(block.size)}
    other = {block.b + step for block in kept for step in range(block.size)}
    return list(_joined(ours, mine)), list(_joined(theirs, other))


def _folded(pieces: Iterable[str]) -> list[str]:
    return [" " if piece.isspace() else piece.casefold() for piece in pieces]


def _joined(pieces: list[str], kept: set[int]) -> Iterator[tuple[str, bool]]:
    marked = [(piece, place not in kept) for place, piece in enumerate(pieces)]
    for place in range(1, len(marked) - 1):  # a space between two changed words is one with them
        if marked[place][0].isspace() and marked[place - 1][1] and marked[place + 1][1]:
            marked[place] = (marked[place][0], True)
    for changed, run in groupby(marked, key=lambda one: one[1]):
        yield "".join(piece for piece, _ in run), changed
