"""A job that one process at a time does over a database, whichever machine it is on."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from data.catalogue.engine import for_asking, place_of
from data.catalogue.failures import explained
from data.errors import ConflictError

_LOCK = 7_426_002  # any number but that of the migrations, the same in every process
_NAME = "SELECT set_config('application_name', :name, false)"
_HOLDER = """
    SELECT application_name, extract(epoch FROM query_start)
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND objid = :lock AND granted AND datname = current_database()
"""
# A machine that has lost its power says no goodbye; the server then asks after it.
_KEEPALIVES = {"idle": 60, "interval": 10, "count": 3}


@contextmanager
def alone(engine: Engine, job: str) -> Iterator[None]:
    """Hold the database for a job. Raises ConflictError that says who has it.

    The lock belongs to a connection, so it goes with a process that is killed. A SQLite file is
    on one machine, where the workspace's lock does the same.
    """
    if engine.dialect.name == "sqlite":
        yield
        return
    with explained(place_of(engine)):
        connection = for_asking(engine).connect()
    try:
        with explained(place_of(engine)):
            _take(connection, job)
        yield
    finally:
        with suppress(DBAPIError):
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.invalidate()  # its name and settings are for nobody else
        connection.close()


def _take(connection: Connection, job: str) -> None:
    for setting, value in _KEEPALIVES.items():
        connection.execute(text(f"SET tcp_keepalives_{setting} = {value}"))
    name = f"gateways {job}, process {os.getpid()} on {socket.gethostname()}"
    connection.execute(text(_NAME), {"name": name})
    taken = text("SELECT pg_try_advisory_lock(:lock)")
    if not connection.execute(taken, {"lock": _LOCK}).scalar_one():
        raise ConflictError(
            f"{place_of(connection.engine)}: {_holder(connection)} is at it; wait until that ends, "
            "then try again"
        )


def _holder(connection: Connection) -> str:
    found = connection.execute(text(_HOLDER), {"lock": _LOCK}).first()
    if found is None or not found[0]:  # it has ended meanwhile, or another role has it
        return "another process"
    since = time.strftime("%H:%M:%S", time.localtime(float(found[1])))
    return f"`{found[0]}` (since {since})"
