"""One edition as it is compared: what each outcome says, in which words, and where it stands."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import regex

from data.records import Outcome
from models.encoder import Matrix
from models.lexical import tokens, words
from models.text import outcome_path

Rows = npt.NDArray[np.int64]
Weights = Mapping[str, float]

_MARKS = " -_.:/#"
_NUMBERS = regex.compile(r"\p{N}+")
_SIGNS = regex.compile(r"\p{S}|\p{No}|(?<=\p{N})[./:,](?=\p{N})|(?<![\p{L}\p{N}])-(?=\p{N})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The outcomes of one edition in tree order, headings too; everything else is by their rows.

    `texts` are title and description without case and punctuation, `words` those of both and
    `heads` of the title alone, `above` those of the titles above, `parents` rows or -1, `children`
    how many are right below, `vectors` [n, d] of unit length.
    """

    outcomes: Sequence[Outcome]
    rows: Mapping[str, int]
    texts: Sequence[str]
    words: Sequence[frozenset[str]]
    heads: Sequence[frozenset[str]]
    children: Rows
    above: Sequence[frozenset[str]]
    numbers: Sequence[tuple[str, ...]]
    names: Sequence[str]
    parents: Rows
    vectors: Matrix


def side_of(outcomes: Sequence[Outcome], vectors: Matrix) -> Side:
    """Prepare one edition; a row of `vectors` is of the outcome in the same place."""
    by_id = {outcome.id: outcome for outcome in outcomes}
    rows = {outcome.id: row for row, outcome in enumerate(outcomes)}
    said = [f"{outcome.title} {outcome.description}" for outcome in outcomes]
    parents = np.array([rows.get(one.parent or "", -1) for one in outcomes], dtype=np.int64)
    return Side(
        outcomes=outcomes,
        rows=rows,
        texts=[plain(text) for text in said],
        words=[frozenset(tokens(text)) for text in said],
        heads=[frozenset(tokens(outcome.title)) for outcome in outcomes],
        children=np.bincount(parents[parents >= 0], minlength=len(outcomes)),
        above=[
            frozenset(tokens(" ".join(outcome_path(outcome, by_id)[:-1]))) for outcome in outcomes
        ],
        numbers=[tuple(sorted(_NUMBERS.findall(text))) for text in said],
        names=[_name(outcome) for outcome in outcomes],
        parents=parents,
        vectors=vectors,
    )


def plain(text: str) -> str:
    """A text without what makes no other text of it: case, punctuation, spaces.

    Signs stay, and what stands in or before a number: «3 + 4» is not «3 × 4», nor 1.2 what 1/2 is.
    """
    signs = _SIGNS.findall(unicodedata.normalize("NFC", text))
    return " ".join([*words(text), *signs]).casefold()


def rarity(*sides: Side) -> Weights:
    """Word → how much it tells: the fewer outcomes have it, the more."""
    counted = Counter(word for side in sides for found in side.words for word in found)
    total = sum(len(side.outcomes) for side in sides)
    return {word: math.log(1 + total / count) for word, count in counted.items()}


def weight(found: Iterable[str], weights: Weights) -> float:
    """How much several words tell together."""
    return sum(weights.get(word, 1.0) for word in found)


def _name(outcome: Outcome) -> str:
    """An id without its framework's, which differs between editions."""
    return outcome.id.removeprefix(outcome.framework).strip(_MARKS)
