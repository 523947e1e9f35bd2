"""Statements: what learners and teachers say that a learner can do."""

from dataclasses import replace

from sqlalchemy import RowMapping, select

from data.catalogue import erased
from data.catalogue.outcomes import check_open, found
from data.catalogue.store import Store
from data.catalogue.tables import statements
from data.errors import GatewaysError
from data.records import Statement, Voice

IN_TIME = (statements.c.time, statements.c.id)


class Statements:
    """Adds statements and reads them; which of them counts is not decided here."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, statement: Statement) -> Statement:
        """Write a statement to the disk and return it with its id.

        Raises NotFoundError for an unknown or retired outcome, ConflictError when its learner was
        erased since, and GatewaysError for a heading, for an id of a learner that looks like a
        name, and when `can` is not between 0 and 1.
        """
        if not 0 <= statement.can <= 1:
            raise GatewaysError(f"can: {statement.can:g} is not between 0 and 1")
        values = {
            "learner": statement.learner,
            "outcome": statement.outcome,
            "can": statement.can,
            "voice": statement.voice.value,
            "time": statement.time,
            "note": statement.note,
        }
        with self._store.writing(durable=True) as connection:
            erased.check(connection, statement.learner, statement.time)
            check_open(found(connection, statement.outcome))
            inserted = connection.execute(statements.insert().returning(statements.c.id), values)
            return replace(statement, id=int(inserted.scalar_one()))

    def of_learner(self, learner: str) -> list[Statement]:
        """Those about one learner, earliest first."""
        mine = select(statements).where(statements.c.learner == learner)
        return [read(row) for row in self._store.rows(mine.order_by(*IN_TIME))]


def read(row: RowMapping) -> Statement:
    """The statement of a row."""
    return Statement(
        id=row["id"],
        learner=row["learner"],
        outcome=row["outcome"],
        can=row["can"],
        voice=Voice(row["voice"]),
        time=row["time"],
        note=row["note"],
    )
