"""SQLite's log that is written ahead: readers and a writer do not wait for one another."""

import sqlite3
import time
from typing import Final

PAUSE: Final = 0.01
"""Seconds between two tries."""


def write_ahead(connection: sqlite3.Connection, seconds: float) -> None:
    """Have a file keep such a log. Raises sqlite3.Error, after so many seconds if it is locked.

    Of two that begin a file at once SQLite refuses one without a wait, since each has a lock that
    the other wants; the next try finds it done.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(PAUSE)
        else:
            return
