"""A whole catalogue ↔ one SQLite file, whichever database it is in."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)

from data.catalogue.engine import DURABLE, WRITES, for_reading, open_engine, place_of
from data.catalogue.failures import explained
from data.catalogue.schema import migrate
from data.catalogue.store import CHUNK
from data.catalogue.tables import metadata, revision
from data.catalogue.work_tables import servers
from data.errors import ConflictError, GatewaysError

_NEXT_NUMBER = "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {last})"


def copy_out(engine: Engine, file: Path) -> None:
    """Write one state of the catalogue to a new SQLite file, while others go on writing.

    Raises GatewaysError.
    """
    with explained(place_of(engine)):
        if engine.dialect.name == "sqlite":
            _copy_pages(engine, file)
        else:
            with _made(file) as copy, for_reading(engine).connect() as source:
                _copy_rows(source, copy)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def copy_in(file: Path, url: str) -> None:
    """Fill an empty database with what `copy_out` wrote, in one transaction.

    Raises ConflictError for a database that holds something already, GatewaysError.
    """
    source, target = open_engine(f"sqlite:///{file}"), open_engine(url)
    try:
        with explained(place_of(target)):
            check_empty(target)
            migrate(target)
            with source.connect() as copy, _writing(target) as connection:
                _copy_rows(copy, connection)
                if target.dialect.name == "postgresql":
                    _go_on_counting(connection)
    finally:
        source.dispose()
        target.dispose()


def check_empty(engine: Engine) -> None:
    """Raise ConflictError if a database has rows of a catalogue."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            asked = select(table.c[table.primary_key.columns[0].name]).limit(1)
            if table.name in there - {revision.name} and connection.execute(asked).first():
                raise ConflictError(
                    f"{place_of(engine)}: holds a catalogue already, and nothing is written over "
                    "it; name an empty database"
                )


def settle(file: Path) -> None:
    """Bring a copy to the present schema, and forget who served where it was made."""
    engine = open_engine(f"sqlite:///{file}")
    try:
        with explained(str(file)):
            migrate(engine)
            with _writing(engine) as connection:
                connection.execute(delete(servers))
    finally:
        engine.dispose()


def check_copy(file: Path) -> dict[str, int]:
    """Look at every page of a copy; rows by table. Raises GatewaysError if it is damaged."""
    with (
        explained(str(file)),
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?immutable=1", uri=True)) as connection,
    ):
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        astray = connection.execute("PRAGMA foreign_key_check").fetchone()
        if found != "ok" or astray:
            raise GatewaysError(f"{file}: is damaged ({found if found != 'ok' else astray})")
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in connection.execute(listed).fetchall()
        }


def _copy_pages(engine: Engine, file: Path) -> None:
    with closing(engine.raw_connection()) as source, closing(sqlite3.connect(file)) as copy:
        pages: Any = source.driver_connection  # sqlite3's own
        pages.backup(copy)


@contextmanager
def _made(file: Path) -> Iterator[Connection]:
    """Write to a new catalogue in a file."""
    engine = open_engine(f"sqlite:///{file}")
    try:
        migrate(engine)
        with _writing(engine) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    options = {WRITES: True, DURABLE: True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _copy_rows(source: Connection, target: Connection) -> None:
    target.execute(delete(revision))  # a new catalogue has its first one
    for table in map(_plain, metadata.sorted_tables):
        rows = source.execution_options(yield_per=CHUNK).execute(select(table)).mappings()
        for some in rows.partitions():
            target.execute(insert(table), [dict(row) for row in some])


def _plain(table: Table) -> Table:
    """The table without its rules; nothing becomes NULL, which is what JSON's null is read as."""
    columns = (
        Column(one.name, JSON(none_as_null=True) if isinstance(one.type, JSON) else one.type)
        for one in table.columns
    )
    return Table(table.name, MetaData(), *columns)


def _go_on_counting(connection: Connection) -> None:
    """Have numbers that a server gives out begin after those that were brought."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        last = connection.execute(select(func.max(column))).scalar_one()
        if last is not None:
            said = _NEXT_NUMBER.format(table=table.name, column=column.name, last=int(last))
            connection.execute(text(said))
