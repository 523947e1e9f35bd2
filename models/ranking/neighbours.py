"""The resources of the catalogue that are near a query, and what they say of outcomes.

Those that were accepted for outcomes vote for these. The others lend their vectors: lessons of one
unit stand near each other, and what they have in common is nearer to their outcome than any of them
(query expansion by neighbours: Radenović, Tolias & Chum, Fine-tuning CNN Image Retrieval with No
Human Annotation, TPAMI 2019). And each has a vote for what it is nearest to itself: lessons that go
together say together which of two look-alikes is meant (a step of label propagation, with a first
guess where no label is: Zhou et al., Learning with Local and Global Consistency, NIPS 2003).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.encoder import Matrix
from models.index import Mask, Rows, VectorIndex
from models.ranking.accepted import AcceptedRows
from models.ranking.centroids import NOWHERE, Centroids

# How many neighbours are looked at, and how many of those without an alignment are averaged.
LOOKED_AT = 50
AVERAGED = 5
# Neighbours weigh by how near they are; one that is this much farther weighs a third.
SPREAD = 0.05
# The first guesses of so few are told apart from those of all that are looked at, which weigh more
# alike.
FEW = 5
SPREAD_OF_ALL = 0.1
# A candidate that is so much farther from a neighbour, in deviations of ordinary outcomes, has a
# third of its vote. In a framework whose outcomes are all but alike the deviation is this.
SHARPNESS = 0.5
LEAST_DEVIATION = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the neighbourhood says of one framework.

    `mean` [dimension] is the mean vector of the nearest resources without an accepted outcome in
    it, None if there is none, and `nearest` the highest cosine among them. `votes` holds for each
    voted outcome's row the cosine of the nearest resource accepted for it, `shares` its share of
    all votes. `settled` tells how many of the FEW nearest were accepted for an outcome in it.
    """

    mean: Matrix | None = None
    nearest: float = math.nan
    settled: int = 0
    votes: Mapping[int, float]
    shares: Mapping[int, float]


NOTHING_AROUND = Around(votes={}, shares={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vicinity:
    """Neighbours, the nearest first: ids, cosines [m], vectors [m, dimension], accepted rows."""

    ids: Sequence[str]
    cosines: Matrix
    vectors: Matrix
    accepted: Sequence[Rows]

    def moved(self, centroids: Centroids, towards: Matrix) -> "Vicinity":
        """The same with their vectors moved to where a framework lies."""
        return replace(self, vectors=centroids.moved(self.vectors, towards))

    def around(self, here: Mask, least: float = -1.0) -> Around:
        """What they say of the framework whose rows are true in `here` [n].

        One with a cosine under `least` lends no vector.
        """
        accepted = [rows[here[rows]] for rows in self.accepted]
        weights = np.exp((self.cosines - self.cosines.max(initial=-1)) / SPREAD)
        votes: dict[int, float] = {}
        shares: dict[int, float] = {}
        for cosine, weight, rows in zip(self.cosines, weights, accepted, strict=True):
            for row in map(int, rows):
                votes.setdefault(row, float(cosine))
                shares[row] = shares.get(row, 0.0) + float(weight)
        total = sum(shares.values())
        near = self.cosines >= least
        free = [place for place, rows in enumerate(accepted) if near[place] and not len(rows)]
        free = free[:AVERAGED]
        mean = None
        if free:
            mean = weights[free] @ self.vectors[free]
            mean /= max(float(np.linalg.norm(mean)), 1e-9)
        return Around(
            mean=mean,
            nearest=float(self.cosines[free[0]]) if free else math.nan,
            settled=sum(len(rows) > 0 for rows in accepted[:FEW]),
            votes=votes,
            shares={row: share / total for row, share in shares.items()},
        )

    def guesses(self, candidates: Rows, vectors: Matrix, deviation: float) -> Matrix:
        """The share of the votes for each of `candidates` [n] with `vectors` [n, dimension].

        Those of the FEW nearest neighbours and those of all, [n, 2]; NaN without any. One that was
        accepted for candidates votes for these, any other for what it is near to, in `deviation`s
        of a cosine among ordinary outcomes.
        """
        if not len(self.cosines):
            return np.full((len(candidates), 2), np.nan, dtype=np.float32)
        near = self.vectors @ vectors.T / (SHARPNESS * max(deviation, LEAST_DEVIATION))
        votes = np.exp(near - near.max(axis=1, keepdims=True))
        sizes = [len(rows) for rows in self.accepted]
        known, whose = np.concatenate(self.accepted), np.repeat(np.arange(len(sizes)), sizes)
        order = np.argsort(candidates)
        places = order[np.searchsorted(candidates, known, sorter=order) % len(order)]
        here = candidates[places] == known
        votes[whose[here]] = 0
        votes[whose[here], places[here]] = 1
        votes /= votes.sum(axis=1, keepdims=True)
        ahead = self.cosines - self.cosines.max()
        few, every = np.exp(ahead[:FEW] / SPREAD), np.exp(ahead / SPREAD_OF_ALL)
        return np.stack(
            [few @ votes[:FEW] / few.sum(), every @ votes / every.sum()], axis=1
        ).astype(np.float32)

    def accepted_for(self, row: int, most: int = 3) -> list[str]:
        """Ids of the nearest resources that were accepted for the outcome in this row."""
        # Few rows each: as a list they are looked through in a tenth of the time.
        nearest = zip(self.ids, self.accepted, strict=True)
        found = (id_ for id_, rows in nearest if row in rows.tolist())
        return [id_ for _, id_ in zip(range(most), found, strict=False)]


class Neighbours:
    """Finds a query's neighbours. Safe to share between threads, as its index is."""

    def __init__(
        self, resources: VectorIndex, accepted: AcceptedRows, centroids: Centroids = NOWHERE
    ) -> None:
        self._resources = resources
        self._accepted = accepted
        self._centroids = centroids

    def near(self, vector: Matrix, itself: str | None = None) -> Vicinity:
        """The neighbours of a vector [dimension]; the resource `itself` is none of them.

        They are found and judged from where all resources lie, whatever language they are in.
        """
        moved = self._centroids.moved(vector[None, :])
        rows, _ = self._resources.search(moved, LOOKED_AT + 1)
        ids = self._resources.ids
        kept = [place for place, row in enumerate(rows[0]) if row >= 0 and ids[int(row)] != itself][
            :LOOKED_AT
        ]
        vectors = self._resources.vectors(rows[0][kept])
        cosines = self._centroids.moved(vectors) @ moved[0]
        order = np.argsort(-cosines, kind="stable")
        names = [ids[int(row)] for row in rows[0][kept][order]]
        return Vicinity(
            ids=names,
            cosines=cosines[order],
            vectors=vectors[order],
            accepted=self._accepted.of(names),
        )
