"""One engine and its transactions; what the repositories stand on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, RowMapping, Select, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from data.catalogue.engine import DURABLE, WRITES, for_asking, for_reading, place_of, scrub
from data.catalogue.exclusion import alone
from data.catalogue.failures import DamagedError, explained
from data.catalogue.tables import NATURAL_KEY, revision

CHUNK = 1000  # ids in one statement, rows in one fetch


class Store:
    """Reads and writes of one database. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = for_reading(engine)
        self._asking = for_asking(engine)
        self._place = place_of(engine)
        self.damage: str | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads a single state of the catalogue."""
        with self._explained(), self._reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False, rehearsal: bool = False) -> Iterator[Connection]:
        """One transaction that is alone in writing.

        With `durable` it is on the disk when this returns; a `rehearsal` is rolled back.
        """
        with self._explained(), self._engine.connect() as connection:
            connection.execution_options(**{WRITES: True, DURABLE: durable})
            with connection.begin() as transaction:
                # SQLite has one writer at a time; this row gives PostgreSQL the same order.
                connection.execute(select(revision.c.value).with_for_update())
                yield connection
                if rehearsal:
                    transaction.rollback()

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """One transaction for rows of the writer's own; on PostgreSQL it waits for no turn."""
        with self._explained(), self._engine.connect() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    def rows(self, statement: Select[Any]) -> Sequence[RowMapping]:
        """All rows of a short answer."""
        with self._explained(), self._asking.connect() as connection:
            return connection.execute(statement).mappings().all()

    def first(self, statement: Select[Any]) -> RowMapping | None:
        """The first row, or None."""
        with self._explained(), self._asking.connect() as connection:
            return connection.execute(statement).mappings().first()

    def only(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> Row[Any]:
        """The row of an answer that always has one."""
        with self._explained(), self._asking.connect() as connection:
            return connection.execute(statement, values).one()

    def stream(self, statement: Select[Any]) -> Iterator[RowMapping]:
        """Rows of a long answer, of one state of the catalogue, a chunk in memory at a time."""
        with self.reading() as connection:
            streamed = connection.execution_options(yield_per=CHUNK)
            yield from streamed.execute(statement).mappings()

    @contextmanager
    def alone(self, job: str) -> Iterator[None]:
        """Be the only process over this database that does a job. Raises ConflictError."""
        with alone(self._engine, job):
            yield

    def scrub(self) -> None:
        """Leave no trace of deleted rows in the files of SQLite. Raises UnavailableError."""
        with self._explained():
            scrub(self._engine)

    @property
    def engine(self) -> Engine:
        """The engine itself, for what copies whole databases."""
        return self._engine

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Explain what goes wrong, and remember that the file is damaged: it will be tomorrow."""
        try:
            with explained(self._place):
                yield
        except DamagedError as error:
            self.damage = str(error)
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert one row or more, or set all other columns of those whose key is there already."""
    statement = inserting(connection, table)
    keys = table.info.get(NATURAL_KEY) or [column.name for column in table.primary_key]
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if others:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=others)
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement, rows)


def inserting(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The database's own INSERT, which can say what becomes of a row whose key is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def in_chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """The distinct ids, few enough at a time for one statement."""
    distinct = list(dict.fromkeys(ids))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


def raise_revision(connection: Connection) -> int:
    """Count one more change of outcomes or resources and return its number."""
    connection.execute(revision.update().values(value=revision.c.value + 1))
    return int(connection.execute(select(revision.c.value)).scalar_one())


def raise_stated(connection: Connection) -> None:
    """Count one more change of alignments or prerequisites."""
    connection.execute(revision.update().values(stated=revision.c.stated + 1))
