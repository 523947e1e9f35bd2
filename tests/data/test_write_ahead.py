import sqlite3
from contextlib import closing
from threading import Timer

import pytest

from data.write_ahead import write_ahead
from tests.patience import PATIENCE


@pytest.fixture
def begun(tmp_path):
    """A file that another connection is just beginning."""
    file = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield file, other


def test_a_file_that_another_begins_is_waited_for(begun):
    file, other = begun
    ending = Timer(0.1, other.rollback)
    with closing(sqlite3.connect(file, timeout=PATIENCE)) as connection:
        ending.start()
        write_ahead(connection, PATIENCE)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    ending.join()


def test_one_that_stays_locked_is_said_to_be(begun):
    with (
        closing(sqlite3.connect(begun[0], timeout=0)) as connection,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        write_ahead(connection, 0.02)
