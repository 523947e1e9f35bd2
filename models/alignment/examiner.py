"""Query → candidates and what a ranker looks at: the same in training and in serving."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from models.alignment.retrieval import Retrieval
from models.encoder import Matrix
from models.index import Mask
from models.lexical import QUERY_LENGTH, tokens
from models.ranking.accepted import AcceptedRows
from models.ranking.candidates import Candidates
from models.ranking.confidence import Situation
from models.ranking.features import LEVELS, SUBJECT, Features, Values
from models.ranking.neighbours import Neighbours, Vicinity
from models.snapshots.snapshot import Snapshot
from models.suggestion import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One framework's candidates, what was asked, features [n, d], and near resources."""

    candidates: Candidates
    asked: Situation
    features: Values
    vicinity: Vicinity


class Examiner:
    """Examines candidates of one snapshot. Read-only, so safe to share between threads."""

    def __init__(self, snapshot: Snapshot, retrieval: Retrieval) -> None:
        rows = {entry.outcome.id: row for row, entry in enumerate(snapshot.entries)}
        self._retrieval = retrieval
        self._features = Features(snapshot.entries)
        accepted = AcceptedRows(snapshot.accepted, rows)
        self._neighbours = Neighbours(snapshot.resources, accepted, snapshot.centroids)

    def examine(
        self, query: Query, vector: Matrix, allowed: Mask, also: Collection[int] = ()
    ) -> Iterator[Examined]:
        """Each framework that has an `allowed` [n] row, for a query and its vector [dimension].

        The rows `also` are among the candidates, however far they are.
        """
        vicinity = self._neighbours.near(vector, query.resource)
        alike = self._features.alike(query)
        words = word_count(query)
        asked = (query.text, vector, allowed, vicinity, alike)
        for found in self._retrieval.candidates(*asked, also=also):
            features = self._features.of(query, found)
            yield Examined(
                candidates=found,
                asked=situation(found, words, features),
                features=features,
                vicinity=vicinity,
            )


def word_count(query: Query) -> int:
    """How many words are matched with the outcomes'."""
    return len(tokens(query.text[:QUERY_LENGTH]))


def situation(found: Candidates, words: int, features: Values | None = None) -> Situation:
    """What was asked; without `features` [n, d] nothing was made of a subject or a level."""
    subject, levels = (
        features is not None and not np.isnan(features[0, column]) for column in (SUBJECT, LEVELS)
    )
    return Situation(
        size=found.size,
        nearest=float(found.cosines.max()),
        elsewhere=found.elsewhere,
        words=words,
        subject=subject,
        levels=levels,
    )
