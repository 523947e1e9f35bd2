"""A query and its candidates → what a ranker looks at: the one place, for training and serving.

Every feature is relative to the other candidates, or to the words of the two, so that a ranker that
learned on one framework means the same on another. NaN says that a source is missing: no subject,
no level, no neighbour.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import regex

from models.entry import Entry
from models.index import Mask
from models.languages import primary
from models.lexical import QUERY_LENGTH, tokens
from models.ranking.candidates import Candidates
from models.ranking.known_names import KnownNames, folded, rows_of
from models.ranking.word_sets import WordSets
from models.suggestion import Query

# What a curator would call them, each with the features that it stands for.
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "meaning": (
        "meaning",
        "meaning: rank",
        "meaning: behind the best",
        "both: score",
        "both: rank",
        "both: behind the best",
        "both: share",
    ),
    "words": ("words", "words: rank", "words: behind the best"),
    "neighbours": (
        "neighbours: meaning",
        "neighbours: behind the best",
        "neighbours: ahead of the text",
        "neighbours: how near",
        "neighbours: guessed by the nearest",
        "neighbours: guessed by the nearest, behind the best",
        "neighbours: guessed",
        "neighbours: guessed, behind the best",
        "accepted: how near",
        "accepted: behind the nearest",
        "accepted: share",
    ),
    "title": (
        "title: words of the resource's",
        "title: words of the outcome's",
        "title: letters",
        "title: letters without words",
        "title: words of the ancestors",
    ),
    "surroundings": (
        "siblings: share",
        "siblings: behind the best",
        "siblings: mean",
        "subject: share",
        "level: share",
    ),
    "subject": ("subject: agrees",),
    "level": ("level: agrees", "level: distance"),
    "language": ("language: agrees",),
}
NAMES: Final = tuple(name for names in GROUPS.values() for name in names)
SUBJECT, LEVELS = NAMES.index("subject: agrees"), NAMES.index("level: agrees")

# A smaller share of the votes is none.
FAINTEST = 1e-5

_TITLE = 300
_NUMBER = regex.compile(r"\d{1,6}")

Values = npt.NDArray[np.float32]
Column = npt.NDArray[np.floating]


class Features:
    """Features over one snapshot's outcomes. Read-only, so safe to share between threads."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        titles = [set(tokens(entry.outcome.title)) for entry in entries]
        ancestors = [set(tokens(" ".join(entry.path[:-1]))) for entry in entries]
        everything = np.arange(len(entries))
        numbers: dict[str, int] = {}
        self._titles = WordSets(titles, numbers)
        self._ancestors = WordSets(ancestors, numbers)
        rarity = np.log(1 + (len(entries) + 1) / (self._titles.frequencies() + 1))
        self._rarity = rarity
        (self._title_weight,) = self._titles.common(everything, rarity)
        (self._ancestors_weight,) = self._ancestors.common(everything, rarity)
        self._letters = WordSets([_trigrams(entry.outcome.title) for entry in entries], {})
        self._letters_norm = np.sqrt(np.maximum(1, self._letters.sizes))
        self._parents = _numbered([entry.outcome.parent for entry in entries])
        self._subjects = _numbered([folded(entry.outcome.subject) for entry in entries])
        self._levels = _numbered([entry.levels or None for entry in entries])
        self._entries = entries
        frameworks = rows_of([entry.outcome.framework] for entry in entries)
        self._known = {name: KnownNames(entries, rows) for name, rows in frameworks.items()}
        self._languages = np.array([primary(entry.outcome.language or "") for entry in entries])

    def alike(self, query: Query) -> Mask | None:
        """Which outcomes [n] agree in all that is known of subject and level; None if nothing is.

        What a framework has no name for is not known of its outcomes.
        """
        agreeing = [known.agreeing(query) for known in self._known.values()]
        if all(rows is None for rows in agreeing):
            return None
        mask = np.zeros(len(self._entries), dtype=bool)
        for rows in agreeing:
            if rows is not None:
                mask[rows] = True
        return mask

    def of(self, query: Query, found: Candidates) -> Values:
        """Features float32 [n, len(NAMES)] of each candidate."""
        columns = [
            *_ranked(found.meaning),
            *_ranked(found.scores),
            _share(found.scores),
            *_ranked(found.words),
            *_neighbours(found),
            *self._title(query, found),
            *self._surroundings(found),
            *self._metadata(query, found),
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _title(self, query: Query, found: Candidates) -> list[Column]:
        text = query.text[:QUERY_LENGTH]
        title = text.partition("\n")[0][:_TITLE]
        in_title, in_text = set(tokens(title)), set(tokens(text))
        unknown = float(np.log(1 + (len(self._entries) + 1)))
        numbers = self._titles.numbers
        weight = sum(
            float(self._rarity[numbers[word]]) if word in numbers else unknown for word in in_title
        )
        rare_in_title, rare_in_text = (
            self._titles.marks(words) * self._rarity for words in (in_title, in_text)
        )
        of_resource, of_outcome = self._titles.common(found.rows, rare_in_title, rare_in_text)
        of_resource /= max(weight, 1e-9)
        of_outcome /= _positive(self._title_weight[found.rows])
        asked = _trigrams(title)
        (letters,) = self._letters.common(found.rows, self._letters.marks(asked))
        letters = letters / self._letters_norm[found.rows] / max(len(asked), 1) ** 0.5
        (ancestors,) = self._ancestors.common(found.rows, rare_in_text)
        ancestors /= _positive(self._ancestors_weight[found.rows])
        return [of_resource, of_outcome, letters, letters - of_outcome, ancestors]

    def _surroundings(self, found: Candidates) -> list[Column]:
        likely = np.exp(found.scores - found.scores.max(initial=0))
        parents = self._parents[found.rows]
        best: dict[int, float] = {}
        for parent, score in zip(parents.tolist(), found.scores.tolist(), strict=True):
            best[parent] = max(best.get(parent, score), score)
        behind = found.scores - np.array([best[parent] for parent in parents.tolist()])
        counts = np.bincount(parents + 1)[parents + 1]  # those without a parent are -1
        sums = np.bincount(parents + 1, found.scores)[parents + 1]
        mean = np.where(counts > 1, (sums - found.scores) / np.maximum(counts - 1, 1), np.nan)
        return [
            _others(parents, likely),
            behind,
            mean - found.scores.max(initial=0),
            _others(self._subjects[found.rows], likely),
            _others(self._levels[found.rows], likely),
        ]

    def _metadata(self, query: Query, found: Candidates) -> list[Column]:
        entries = [self._entries[row] for row in found.rows]
        subject, asked = self._known[entries[0].outcome.framework].of(query)
        nothing = np.full(len(entries), np.nan)
        subjects = levels = distances = languages = nothing
        if subject:
            subjects = np.array([folded(entry.outcome.subject) == subject for entry in entries])
        if asked:
            levels = np.array([not asked.isdisjoint(entry.levels) for entry in entries])
            distances = np.array([_distance(query.levels, entry.levels) for entry in entries])
        if language := primary(query.language or ""):
            languages = (self._languages[found.rows] == language).astype(float)
        return [subjects, levels, distances, languages]


def _neighbours(found: Candidates) -> list[Column]:
    size, around = len(found.rows), found.around
    nearest_outcome = float(found.cosines.max(initial=0))
    votes = np.array([around.votes.get(int(row), np.nan) for row in found.rows], dtype=float)
    shares = np.array([around.shares.get(int(row), 0.0) for row in found.rows])
    first = max(around.votes.values(), default=np.nan)
    if not around.votes:
        shares = np.full(size, np.nan)
    best = found.shared.max() if around.mean is not None else np.nan
    return [
        found.shared,
        found.shared - best,
        found.shared - found.meaning,
        np.full(size, around.nearest - nearest_outcome),
        *_guessed(found.guesses[:, 0]),
        *_guessed(found.guesses[:, 1]),
        np.full(size, first - nearest_outcome),
        votes - first,
        shares,
    ]


def _guessed(shares: Column) -> list[Column]:
    """The logarithm of shares [n] of votes, and how far it is behind the best."""
    said = np.log(shares + FAINTEST)
    return [said, said - said.max()]


def _ranked(scores: Column) -> list[Column]:
    """Scores [n], the logarithm of their rank, and how far they are behind the best."""
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.log1p(np.arange(len(scores)))
    return [scores, ranks, scores - scores.max(initial=-np.inf)]


def _share(scores: Column) -> Column:
    likely = np.exp(scores - scores.max(initial=0))
    shares: Column = likely / likely.sum()
    return shares


def _others(groups: npt.NDArray[np.int64], likely: Column) -> Column:
    """The share of all likelihood [n] that the others of the same group have; NaN for none (-1)."""
    known = groups >= 0
    sums = np.bincount(groups[known], likely[known], minlength=int(groups.max(initial=0)) + 1)
    shares = (sums[groups] - likely) / likely.sum()
    return np.where(known, shares, np.nan)


def _trigrams(text: str) -> set[str]:
    padded = f" {' '.join(tokens(text))} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _numbered(values: Sequence[object]) -> npt.NDArray[np.int64]:
    """The same number for the same value; -1 for None."""
    numbers: dict[object, int] = {None: -1}
    for value in values:
        numbers.setdefault(value, len(numbers) - 1)
    return np.array([numbers[value] for value in values], dtype=np.int64)


def _distance(asked: tuple[str, ...], levels: tuple[str, ...]) -> float:
    """Between the nearest numbers of two lists of levels, «Year 3» and «Grade 5»: 2."""
    theirs = _numbers(levels)
    return min((abs(a - b) for a in _numbers(asked) for b in theirs), default=float("nan"))


@lru_cache(maxsize=10_000)
def _numbers(levels: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(found) for level in levels for found in _NUMBER.findall(level))


def _positive(values: Column) -> Column:
    return np.maximum(values, 1e-9)
