"""Candidates by several roads, one list for each framework.

What is nearest, what shares the most words, what is nearest to the neighbours, what was accepted
for these, and what is of the same subject and level. A framework is a question of its own: what
stands out is judged among its own outcomes, so that a curriculum in another language than the
query's is not outshone by one in the same.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

import numpy as np

from models.encoder import Matrix
from models.index import Mask, Rows
from models.ranking.background import Elsewhere
from models.ranking.candidates import Candidates
from models.ranking.centroids import NOWHERE, Centroids, apart
from models.ranking.fusion import Scores, deviation, fused, meaning_score, words_score
from models.ranking.neighbours import NOTHING_AROUND, SPREAD, Around, Vicinity
from models.snapshots.snapshot import Snapshot

# Candidates that each road brings; more than a person reads, and what a later stage may reorder.
DEPTH = 200
# The same for the outcomes of one subject and level, which are fewer.
ALIKE = 50
# Outcomes that stand for a framework's ordinary ones when a similarity is judged.
ORDINARY = 1000
# A framework of fewer outcomes cannot tell what is ordinary: those of all frameworks stand in.
FEWEST = 30
# What similarity in what is an outcome's own weighs beside that of all: of a framework that the
# encoder has not seen, both together say more than either ("What is an outcome's own" in
# docs/experiments.md).
OWN_WEIGHT = 0.5
# With the encoders that ship such a similarity deviates by .04 to .1. Outcomes that have little in
# common beside what all have, of which most are equally far, would make any other stand out.
LEAST_OWN_DEVIATION = 0.04
# What the neighbours' meaning weighs beside the query's own.
NEIGHBOURS_WEIGHT = 0.25


class _Framework:
    """Its rows, its ordinary outcomes [m, dimension], their mean, and what moves a query there.

    `elsewhere` is what it is not about.
    """

    def __init__(
        self, rows: Rows, ordinary: Matrix, centroids: Centroids, elsewhere: Elsewhere
    ) -> None:
        self.rows = rows
        self.ordinary = ordinary
        self.centroids = centroids
        self.elsewhere = elsewhere
        self.home: Matrix = ordinary.mean(axis=0)
        away = np.linalg.norm(ordinary - self.home, axis=1)
        self._away = np.maximum(away, 1e-9)

    def distinct(self, vectors: Matrix, vector: Matrix) -> Scores:
        """How alike outcomes [n, dimension] and a query [dimension] are in what is their own.

        All that a framework holds has something in common, which a cosine is full of (centring
        takes it away: Suzuki et al., Centering Similarity Measures to Reduce Hubs, EMNLP 2013).
        """
        own = apart(vector, self.home)
        similar = apart(vectors, self.home) @ own
        usual = (self.ordinary @ own - self.home @ own) / self._away
        return meaning_score(similar, usual, LEAST_OWN_DEVIATION)


class Retrieval:
    """Finds candidates in one snapshot. Read-only, so safe to share between threads."""

    def __init__(
        self, snapshot: Snapshot, frameworks: Mapping[str, Rows], words_weight: float
    ) -> None:
        self._snapshot = snapshot
        self._words_weight = words_weight
        self._frameworks = [self._framework(rows) for rows in frameworks.values()]

    def candidates(
        self,
        text: str,
        vector: Matrix,
        allowed: Mask,
        vicinity: Vicinity | None = None,
        alike: Mask | None = None,
        *,
        also: Collection[int] = (),
    ) -> Iterator[Candidates]:
        """The candidates of each framework that has an `allowed` [n] row, for one query.

        Neighbours are asked when a `vicinity` is given; `alike` [n] are the outcomes that agree
        with the query in subject and level. The rows `also` are among them, however far they are.
        An outcome's score is the same whatever is allowed.
        """
        words = self._snapshot.lexical.scores(text)
        best = float(words.max(initial=0))
        asked = vector
        background = self._snapshot.background.cosines(asked)
        for there in self._frameworks:
            rows, ordinary = there.rows, there.ordinary
            admitted = rows[allowed[rows]]
            if not len(admitted):
                continue
            here = np.zeros(len(words), dtype=bool)
            here[admitted] = True
            vector = there.centroids.moved(asked[None, :], there.home)[0]
            near, near_cosines = self._nearest(vector, DEPTH, here)
            around, seen = NOTHING_AROUND, None
            if vicinity is not None:
                seen = vicinity.moved(there.centroids, there.home)
                # What is farther from the query than an outcome is says nothing of the query.
                around = seen.around(here, float(near_cosines[0]) - SPREAD)
            found = admitted
            if len(admitted) > DEPTH:
                elsewhere = self._elsewhere(here, words, vector, around, alike)
                named = admitted[np.isin(admitted, list(also))]
                found = np.unique(np.concatenate([near, elsewhere, named]))
            vectors = self._snapshot.outcomes.vectors(found)
            cosines = vectors @ vector
            usual = ordinary @ vector
            own = there.distinct(vectors, vector)
            meaning = (1 - OWN_WEIGHT) * meaning_score(cosines, usual) + OWN_WEIGHT * own
            guesses = np.full((len(found), 2), np.nan, dtype=np.float32)
            if seen is not None:
                guesses = seen.guesses(found, vectors, deviation(usual))
            shared = np.full(len(found), np.nan, dtype=np.float32)
            together = meaning
            if around.mean is not None:
                shared = meaning_score(vectors @ around.mean, ordinary @ around.mean)
                together = (1 - NEIGHBOURS_WEIGHT) * meaning + NEIGHBOURS_WEIGHT * shared
            by_words = words_score(words[found], words[rows], best)
            scores = fused(together, by_words, self._words_weight)
            order = np.argsort(-scores, kind="stable")
            yield Candidates(
                rows=found[order],
                scores=scores[order],
                cosines=cosines[order],
                meaning=meaning[order],
                words=by_words[order],
                shared=shared[order],
                guesses=guesses[order],
                around=around,
                size=len(admitted),
                elsewhere=there.elsewhere.nearness(background),
            )

    def _framework(self, rows: Rows) -> _Framework:
        own = self._ordinary(rows)
        beside = self._snapshot.background.beside(own)
        if len(rows) < FEWEST:
            return _Framework(rows, self._ordinary_of_all, NOWHERE, beside)
        return _Framework(rows, own, self._snapshot.centroids, beside)

    @cached_property
    def _ordinary_of_all(self) -> Matrix:
        return self._ordinary(np.arange(len(self._snapshot.entries)))

    def _ordinary(self, rows: Rows) -> Matrix:
        """The vectors [m, dimension] of some of these, drawn by lot and always the same."""
        drawn = np.random.default_rng(0).permutation(rows)[:ORDINARY]
        return self._snapshot.outcomes.vectors(drawn)

    def _elsewhere(
        self, here: Mask, words: Scores, vector: Matrix, around: Around, alike: Mask | None
    ) -> Rows:
        """Rows of those `here` [n] that the other roads bring, in any order."""
        rows = np.flatnonzero(here)
        matching = rows[np.argsort(-words[rows], kind="stable")[:DEPTH]]
        found = [matching[words[matching] > 0]]
        if around.mean is not None:
            found.append(self._nearest(around.mean, DEPTH, here)[0])
        found.append(np.array([row for row in around.votes if here[row]], dtype=np.int64))
        if alike is not None:
            found.append(self._nearest(vector, ALIKE, here & alike)[0])
        return np.concatenate(found)

    def _nearest(self, vector: Matrix, depth: int, mask: Mask) -> tuple[Rows, Scores]:
        """The nearest rows that are true in `mask` [n], and their cosines."""
        near, cosines = self._snapshot.outcomes.search(vector[None, :], depth, mask)
        return near[near >= 0], cosines[near >= 0]
