"""Recommendations: what learners were shown, of what could have been, and how likely."""

from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import RowMapping, select

from data.catalogue import erased
from data.catalogue.store import Store
from data.catalogue.tables import recommendations
from data.records import Recommendation, ShownResource

IN_TIME = (recommendations.c.time, recommendations.c.id)


class Recommendations:
    """Records answers of the recommender as they were given, and reads them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, recommendation: Recommendation) -> None:
        """Keep what is about to be shown; the same id again changes nothing.

        Raises ConflictError when its learner was erased since, GatewaysError for an id of a
        learner that looks like a name.
        """
        there = select(recommendations.c.id).where(recommendations.c.id == recommendation.id)
        with self._store.writing() as connection:
            if connection.execute(there).first() is not None:
                return
            erased.check(connection, recommendation.learner, recommendation.time)
            connection.execute(
                recommendations.insert(),
                {
                    "id": recommendation.id,
                    "learner": recommendation.learner,
                    "time": recommendation.time,
                    "policy": recommendation.policy,
                    "asked": dict(recommendation.asked),
                    "shown": [asdict(one) for one in recommendation.shown],
                    "candidates": recommendation.candidates,
                },
            )

    def of_learner(self, learner: str) -> list[Recommendation]:
        """Those for one learner, earliest first."""
        mine = select(recommendations).where(recommendations.c.learner == learner)
        return [read(row) for row in self._store.rows(mine.order_by(*IN_TIME))]

    def live(self) -> Iterator[Recommendation]:
        """Stream all, earliest first."""
        return map(read, self._store.stream(select(recommendations).order_by(*IN_TIME)))


def read(row: RowMapping) -> Recommendation:
    """The recommendation of a row."""
    return Recommendation(
        id=row["id"],
        learner=row["learner"],
        time=row["time"],
        policy=row["policy"],
        asked=row["asked"],
        shown=tuple(ShownResource(**one) for one in row["shown"]),
        candidates=tuple((resource, score) for resource, score in row["candidates"]),
    )
