"""One SQLite file of vectors by key, which many threads and processes may use at once."""

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock

from data.write_ahead import write_ahead

T = TypeVar("T")

log = logging.getLogger(__name__)

BUSY_SECONDS: Final = 30
_KEYS_A_QUERY: Final = 900  # an old SQLite takes 999 parameters at most
_CREATE: Final = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"

# The last is the code of wrong SQL: ours is right, so the table must be somebody else's.
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class VectorStore:
    """Keeps vectors of `size` bytes, and never fails: what it cannot do it warns of and leaves.

    A connection lives for one call. So threads need no lock, and a file that is set aside as
    damaged is not one that stays open here.
    """

    def __init__(self, file: Path, size: int) -> None:
        self.file = file
        self.size = size
        self._stopped = False

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The vectors that are there, by key."""
        if not self.file.exists():
            return {}
        return self._attempt(lambda connection: self._select(connection, keys)) or {}

    def write(self, vectors: Mapping[bytes, bytes]) -> None:
        """Keep vectors, on the disk in one transaction."""
        insert = "INSERT OR REPLACE INTO vectors VALUES (?, ?)"
        self._attempt(lambda connection: connection.executemany(insert, vectors.items()))

    def _select(self, connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            some = keys[start : start + _KEYS_A_QUERY]
            marks = ",".join("?" * len(some))
            rows = connection.execute(f"SELECT * FROM vectors WHERE key IN ({marks})", some)  # noqa: S608
            # SQLite does not see all damage: a row may come back as something else.
            found |= {key: vector for key, vector in rows if self._is_vector(vector)}
        return found

    def _is_vector(self, value: object) -> bool:
        return isinstance(value, bytes) and len(value) == self.size

    def _attempt(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        if self._stopped:
            return None
        inode = self._inode()
        try:
            with closing(self._connect()) as connection, connection:
                return work(connection)
        except UnicodeDecodeError as error:  # what SQLite says of the damage quotes it
            self._set_aside(inode, error)
        except MemoryError:  # few vectors are read at once: what takes more is no vector's length
            self._set_aside(inode, "it states a length beyond all memory")
        except (sqlite3.Error, OSError) as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is not None and code & 0xFF in _DAMAGED:
                self._set_aside(inode, error)
            else:
                self._stop(error)
        return None

    def _connect(self) -> sqlite3.Connection:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.file, timeout=BUSY_SECONDS)
        try:
            write_ahead(connection, BUSY_SECONDS)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_CREATE)
        except (sqlite3.Error, UnicodeDecodeError, MemoryError):
            connection.close()
            raise
        return connection

    def _inode(self) -> int | None:
        return self.file.stat().st_ino if self.file.exists() else None

    def _set_aside(self, inode: int | None, why: object) -> None:
        """Move the damaged file away, unless another process has already put a new one there."""
        try:
            with FileLock(f"{self.file}.lock"):
                if self._inode() != inode:
                    return
                aside = f"{self.file}.damaged-{time.time_ns()}"
                for suffix in ("-wal", "-shm", ""):
                    path = Path(f"{self.file}{suffix}")
                    if path.exists():
                        path.rename(f"{aside}{suffix}")
        except OSError as refused:
            self._stop(refused)
        else:
            log.warning(
                "%s: damaged (%s), set aside as %s; what it held is embedded again",
                self.file,
                why,
                aside,
            )

    def _stop(self, error: Exception) -> None:
        self._stopped = True
        log.warning("%s: %s; vectors are no longer kept there", self.file, error)
