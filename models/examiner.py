"""Query → candidates and what a ranker looks at: the same in training and in serving."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.candidates import Candidates
from models.encoder import Matrix
from models.features import Features, Values
from models.index import Mask
from models.neighbours import Neighbours, Vicinity
from models.retrieval import Retrieval
from models.snapshot import Snapshot
from models.suggestion import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One framework's candidates, their features [n, d], and the resources that are near."""

    candidates: Candidates
    features: Values
    vicinity: Vicinity


class Examiner:
    """Examines candidates of one snapshot. Read-only, so safe to share between threads."""

    def __init__(self, snapshot: Snapshot, retrieval: Retrieval) -> None:
        rows = {entry.outcome.id: row for row, entry in enumerate(snapshot.entries)}
        accepted = {
            resource: np.array(
                sorted({rows[found] for found in outcomes if found in rows}), dtype=np.int64
            )
            for resource, outcomes in snapshot.accepted.items()
        }
        self._retrieval = retrieval
        self._features = Features(snapshot.entries)
        self._neighbours = Neighbours(snapshot.resources, accepted)

    def examine(self, query: Query, vector: Matrix, allowed: Mask) -> Iterator[Examined]:
        """Each framework that has an `allowed` [n] row, for a query and its vector [dimension]."""
        vicinity = self._neighbours.near(vector, query.resource)
        alike = self._features.alike(query)
        for found in self._retrieval.candidates(query.text, vector, allowed, vicinity, alike):
            yield Examined(
                candidates=found, features=self._features.of(query, found), vicinity=vicinity
            )
