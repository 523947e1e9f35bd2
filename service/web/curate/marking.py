"""A text → its parts, where those that a suggestion shares with it are marked."""

from collections.abc import Collection, Iterator
from itertools import groupby

import regex

from models.lexical import stemmed

_PIECES = regex.compile(r"[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+")


def marked(text: str, words: Collection[str]) -> list[tuple[str, bool]]:
    """The text in pieces, in order, and whether each is one of the words in whatever form."""
    stems = {stemmed(word) for word in words} - {""}
    found = groupby(_pieces(text, stems), key=lambda piece: piece[1])
    return [("".join(part for part, _ in pieces), shared) for shared, pieces in found]


def _pieces(text: str, stems: Collection[str]) -> Iterator[tuple[str, bool]]:
    for piece in _PIECES.findall(text):
        yield piece, stemmed(piece) in stems
