"""Learners: all that is kept of one of them, told as a whole and erased as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    ScalarSelect,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from data.catalogue import auditing, erased
from data.catalogue import interactions as interaction_rows
from data.catalogue import recommendations as recommendation_rows
from data.catalogue import statements as statement_rows
from data.catalogue.audit_table import Event
from data.catalogue.paging import Order, Page, page_of
from data.catalogue.store import Store
from data.catalogue.tables import erasures, interactions, recommendations, statements
from data.catalogue.work_tables import keys, sessions
from data.errors import NotFoundError
from data.records import Erasure, LearnerRecord

_TABLES = (interactions, statements, recommendations)

_LIVE = func.count().filter(interactions.c.retired_at.is_(None))
_PARTS = union_all(
    *(
        select(
            table.c.learner,
            (_LIVE if table is interactions else literal(0)).label("interactions"),
            func.max(table.c.time).label("latest"),
        ).group_by(table.c.learner)
        for table in (interactions, statements)
    )
).subquery()
_ACTIVITY = (
    select(
        _PARTS.c.learner,
        func.sum(_PARTS.c.interactions).label("interactions"),
        func.max(_PARTS.c.latest).label("latest"),
    )
    .group_by(_PARTS.c.learner)
    .subquery()
)


def _extent(number: Column[Any], where: ColumnElement[bool]) -> tuple[ScalarSelect[Any], ...]:
    """The highest number of some rows of one table, 0 for none, and how many they are."""
    highest = select(func.coalesce(func.max(number), 0)).where(where)
    return highest.scalar_subquery(), select(func.count()).where(where).scalar_subquery()


# Made once, since it is asked for with every request.
_MARK = select(
    *_extent(
        interactions.c.number,
        (interactions.c.learner == bindparam("learner")) & interactions.c.retired_at.is_(None),
    ),
    # One that is retired while another comes would leave both numbers as they may well be.
    select(func.count())
    .where(interactions.c.learner == bindparam("learner"), interactions.c.retired_at.is_not(None))
    .scalar_subquery(),
    *_extent(statements.c.id, statements.c.learner == bindparam("learner")),
    # An erasure counts too, since the numbers of deleted rows may be given again.
    *_extent(erasures.c.id, erasures.c.pseudonym_hash == bindparam("hashed")),
)
_LATEST_FIRST = Order((_ACTIVITY.c.latest, _ACTIVITY.c.learner), newest_first=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """How many interactions a learner has, and when they last did something or it was said of them.

    `latest` is in Unix seconds.
    """

    learner: str
    interactions: int
    latest: float


class Learners:
    """Tells what is kept of pseudonymous learners, and erases them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, after: str | None = None, limit: int = 50) -> Page[Activity]:
        """A page of the learners who did something or of whom it was said, the latest active first.

        To whom resources were only shown is not among them: whoever opens a mistyped address
        makes nobody active.
        Raises GatewaysError for a malformed cursor or limit.
        """
        return page_of(
            self._store, select(_ACTIVITY), _LATEST_FIRST, _activity_of, after=after, limit=limit
        )

    def mark(self, learner: str) -> tuple[int, ...]:
        """Numbers that change whenever a learner's interactions or statements do.

        They are quick to read; what was derived of the same mark still holds.
        """
        said = {"learner": learner, "hashed": erased.pseudonym_hash(learner)}
        return tuple(self._store.only(_MARK, said))

    def export(self, learner: str) -> LearnerRecord:
        """All that is kept of a learner, what is retired too. Raises NotFoundError for nothing."""
        with self._store.reading() as connection:
            did = _rows(connection, learner, interaction_rows.IN_TIME)
            said = _rows(connection, learner, statement_rows.IN_TIME)
            saw = _rows(connection, learner, recommendation_rows.IN_TIME)
        if not (did or said or saw):
            raise NotFoundError(f"nothing is kept of learner {learner!r}")
        return LearnerRecord(
            learner=learner,
            interactions=tuple(map(interaction_rows.read, did)),
            statements=tuple(map(statement_rows.read, said)),
            recommendations=tuple(map(recommendation_rows.read, saw)),
        )

    def erase(self, learner: str, agent: str, time: float) -> Erasure:
        """Delete all that is kept of a learner, and keep that it was done, by whom and when.

        From then on only what happens after `time` is taken in, so a learner of whom nothing is
        kept can be erased too. A SQLite file has no trace of the pseudonym when this returns; a
        server's files are its administrator's, as copies are yours. Raises GatewaysError when
        traces stay because of others at work; erase again then.
        """
        with self._store.writing(durable=True) as connection:
            erasure = Erasure(
                pseudonym_hash=erased.pseudonym_hash(learner),
                time=time,
                agent=agent,
                counts=_delete(connection, learner),
            )
            id_ = _insert(connection, erasure)
            _shut_out(connection, learner, time)
        self._store.scrub()
        return replace(erasure, id=id_)

    def erasures(self) -> list[Erasure]:
        """Every erasure, newest first."""
        rows = self._store.rows(select(erasures).order_by(erasures.c.id.desc()))
        return [Erasure(**row) for row in rows]


def _activity_of(row: RowMapping) -> Activity:
    return Activity(
        learner=row["learner"], interactions=int(row["interactions"]), latest=row["latest"]
    )


def _rows(
    connection: Connection, learner: str, order: tuple[Column[Any], ...]
) -> Sequence[RowMapping]:
    table = order[0].table
    mine = select(table).where(table.c.learner == learner).order_by(*order)
    return connection.execute(mine).mappings().all()


def _delete(connection: Connection, learner: str) -> dict[str, int]:
    """Delete every row of a learner and tell how many each table had."""
    return {
        table.name: connection.execute(table.delete().where(table.c.learner == learner)).rowcount
        for table in _TABLES
    }


def _shut_out(connection: Connection, learner: str, time: float) -> None:
    """End the sessions and keys that are a learner's own; of the keys' rows the name goes too."""
    connection.execute(sessions.delete().where(sessions.c.learner == learner))
    ended = {"learner": None, "name": "", "revoked": func.coalesce(keys.c.revoked, time)}
    connection.execute(keys.update().where(keys.c.learner == learner).values(ended))


def _insert(connection: Connection, erasure: Erasure) -> int:
    values = {
        "pseudonym_hash": erasure.pseudonym_hash,
        "time": erasure.time,
        "agent": erasure.agent,
        "counts": erasure.counts,
    }
    inserted = connection.execute(erasures.insert().returning(erasures.c.id), values)
    id_ = int(inserted.scalar_one())
    auditing.note_row(connection, Event.ERASURE, values | {"id": id_})
    return id_
