"""A database URL → an engine whose transactions behave alike on SQLite and PostgreSQL."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from data.errors import GatewaysError, UnavailableError
from data.write_ahead import write_ahead

BUSY_SECONDS = 30

STATEMENTS = 64
"""That a connection of SQLite keeps prepared, at some 20 KiB each: those that are run all the time.
One with a list of ids is another for each length of it, so that they never end."""

# Options of a connection, read when its transaction begins.
WRITES = "gateways_writes"
DURABLE = "gateways_durable"

_compact = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def open_engine(url: str) -> Engine:
    """Make the engine; a SQLite file's folder is made with it. Raises GatewaysError."""
    try:
        parsed = make_url(url)
        if (backend := parsed.get_backend_name()) not in ("sqlite", "postgresql"):
            raise GatewaysError(
                f"database_url: {backend} is not spoken here; use sqlite or postgresql"
            )
        own: dict[str, Any] = {"connect_args": {"cached_statements": STATEMENTS}}
        if backend == "postgresql":
            # A server may have been restarted since a connection was made; a file cannot.
            own = {"pool_pre_ping": True, "connect_args": {"client_encoding": "utf8"}}
        engine = create_engine(parsed, json_serializer=_compact, **own)
    except (ArgumentError, NoSuchModuleError) as error:
        raise GatewaysError(f"database_url: {error}") from None
    except ModuleNotFoundError as error:
        raise GatewaysError(
            f"database_url: the driver {error.name} is not installed; pip install {error.name}"
        ) from None
    except ImportError as error:  # psycopg, without what it speaks to a server by
        raise GatewaysError(f"database_url: {error}; pip install 'psycopg[binary]'") from None
    if engine.dialect.name == "sqlite":
        _make_folder(parsed.database)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_server)
    return engine


def for_reading(engine: Engine) -> Engine:
    """The same database, whose transactions each read a single state of it."""
    if engine.dialect.name == "sqlite":
        return engine  # there every transaction does
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def for_asking(engine: Engine) -> Engine:
    """The same database, for one statement at a time, which sees a single state by itself."""
    if engine.dialect.name == "sqlite":
        return engine
    # Half as many messages to and fro as a transaction has.
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def place_of(engine: Engine) -> str:
    """How messages name the database: a file, or a URL without its password."""
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=True)


def scrub(engine: Engine) -> None:
    """Leave no trace of deleted rows in a SQLite file and its log; a server sees to its own.

    Raises UnavailableError while others read what was there before.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        # Pages keep copies of rows that moved when they grew full; only a new file has none.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((busy, _, _),) = cursor.fetchall()
    finally:
        connection.close()
    if busy:
        raise UnavailableError(
            f"{place_of(engine)}: what was deleted is gone from the catalogue, but its traces stay "
            "in the file while another reads it; wait for it, then do the same again"
        )


def _make_folder(database: str | None) -> None:
    if not database or database == ":memory:":
        raise GatewaysError("database_url: a catalogue needs a file, as in sqlite:////path/file")
    try:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GatewaysError(f"{database}: its folder cannot be made: {error.strerror}") from None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, see _begin_sqlite
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    write_ahead(connection, BUSY_SECONDS)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
    # SQLite's own lower() knows ASCII only; text search is in every script.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _prepare_server(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS * 1000:.0f}ms'")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    # FULL syncs at each commit, NORMAL at checkpoints only: an import can be run again, a
    # curator's decision cannot.
    synchronous = "FULL" if options.get(DURABLE) else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}")
    # A writer takes its lock first: one that reads before it writes cannot wait for another.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()
