"""Candidates by two roads, meaning and words, one ranked list for each framework.

A framework is a question of its own: what stands out is judged among its own outcomes, so that a
curriculum in another language than the query's is not outshone by one in the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.encoder import Matrix
from models.fusion import Scores, fused, meaning_score, words_score
from models.index import Mask, Rows
from models.snapshot import Snapshot

# Candidates that each road brings; more than a person reads, and what a later stage may reorder.
DEPTH = 200
# Outcomes that stand for a framework's ordinary ones when a similarity is judged.
ORDINARY = 1000
# A framework of fewer outcomes cannot tell what is ordinary: those of all frameworks stand in.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates of one framework, best first: rows, scores and cosines [n].

    They are the best of `size` outcomes.
    """

    rows: Rows
    scores: Scores
    meaning: Scores
    size: int


class Retrieval:
    """Finds candidates in one snapshot. Read-only, so safe to share between threads."""

    def __init__(
        self, snapshot: Snapshot, frameworks: Mapping[str, Rows], words_weight: float
    ) -> None:
        self._snapshot = snapshot
        self._rows = list(frameworks.values())
        self._words_weight = words_weight
        generator = np.random.default_rng(0)
        everything = np.arange(len(snapshot.entries))
        samples = (
            generator.permutation(rows if len(rows) >= FEWEST else everything)[:ORDINARY]
            for rows in self._rows
        )
        self._ordinary = [snapshot.outcomes.vectors(sample) for sample in samples]

    def ranked(self, text: str, vector: Matrix, allowed: Mask) -> Iterator[Ranked]:
        """The candidates of each framework that has an `allowed` [n] row, for one query.

        An outcome's score is the same whatever else is allowed.
        """
        words = self._snapshot.lexical.scores(text)
        best = float(words.max(initial=0))
        for rows, ordinary in zip(self._rows, self._ordinary, strict=True):
            admitted = rows[allowed[rows]]
            found = self._candidates(admitted, words, vector)
            meaning = self._snapshot.outcomes.vectors(found) @ vector
            scores = fused(
                meaning_score(meaning, ordinary @ vector),
                words_score(words[found], words[rows], best),
                self._words_weight,
            )
            order = np.argsort(-scores, kind="stable")
            if len(order):
                yield Ranked(found[order], scores[order], meaning[order], len(admitted))

    def _candidates(self, rows: Rows, words: Scores, vector: Matrix) -> Rows:
        """Those of `rows` that are nearest, or share the most words; in ascending order."""
        if len(rows) <= DEPTH:
            return rows
        mask = np.zeros(len(words), dtype=bool)
        mask[rows] = True
        near, _ = self._snapshot.outcomes.search(vector[None, :], DEPTH, mask)
        matching = rows[np.argsort(-words[rows], kind="stable")[:DEPTH]]
        return np.union1d(near[near >= 0], matching[words[matching] > 0])
