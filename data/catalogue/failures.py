"""What goes wrong with a database, in words that say how to mend it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import Final

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from data.errors import BrokenError, GatewaysError, UnavailableError

_OUR_MISTAKES = (IntegrityError, ProgrammingError)
_DAMAGED = (
    "the file is damaged or is no catalogue; put back a copy (`gateways restore`), or move it "
    "aside, import the datasets anew and decide again"
)
_SHORT = (
    "there is not the memory that it takes; make room, or where there is room the file is damaged, "
    "and states a length that cannot be: put back a copy (`gateways restore`)"
)
_FULL = "the disk is full; make room, then run the same again: all that was finished is kept"
_BUSY = "another process has been writing for too long; wait for it, then try again"
# What a database says, and what helps.
_ADVICE = {
    "disk is full": _FULL,
    "No space left": _FULL,
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
    "readonly": "the file or its folder cannot be written to; change its permissions",
    "unable to open": "the file cannot be opened; is the folder there, and may you write to it?",
    "disk I/O error": "the disk fails or is full; check it, then run the same again",
    "authentication failed": "the server does not take the user or the password; see database_url",
    "does not exist": "the server has no such database or user; docs/postgresql.md makes both",
    "permission denied": "the user may not do that there; let the database belong to the user",
    "read-only transaction": "the server is a copy that is read only; name the one that it follows",
}
_PASSING = {
    "is locked": _BUSY,
    "lock timeout": _BUSY,
    "too many clients": (
        "the server has no connection left; wait, or raise its max_connections (a process of "
        "gateways takes 15)"
    ),
}
_DENIED: Final = "42501"  # insufficient_privilege, which is no mistake of a statement


class DamagedError(BrokenError):
    """The database was read, and is not as it was written."""


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn the database's own errors into GatewaysErrors that begin with `place`.

    All but those of a value are UnavailableErrors: whoever asked did nothing wrong, and may ask
    the same again. Those that will not pass by themselves are BrokenErrors.
    """
    try:
        yield
    except _OUR_MISTAKES as error:
        if getattr(error.orig, "sqlstate", None) != _DENIED:
            raise
        advice = _ADVICE["permission denied"]
        raise BrokenError(f"{place}: {_said(error)}: {advice}") from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise GatewaysError(f"{place}: a value cannot be kept there: {error}") from None
    except DataError as error:
        raise GatewaysError(f"{place}: a value cannot be kept there: {_said(error)}") from None
    except PoolTimeoutError:
        raise UnavailableError(f"{place}: too many are using it at once; try again") from None
    # Not all damage is seen by the database; what SQLite says of some quotes bytes, no text.
    except (JSONDecodeError, UnicodeDecodeError):
        raise DamagedError(f"{place}: {_DAMAGED}") from None
    except MemoryError:  # nor can the two be told apart
        raise BrokenError(f"{place}: {_SHORT}") from None
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise _explanation(place, error) from error


def _explanation(place: str, error: DatabaseError | sqlite3.DatabaseError) -> UnavailableError:
    said = _said(error)
    if advice := next((text for part, text in _PASSING.items() if part in said), None):
        return UnavailableError(f"{place}: {advice}")
    if advice := next((text for part, text in _ADVICE.items() if part in said), None):
        return (DamagedError if advice is _DAMAGED else BrokenError)(f"{place}: {advice}")
    message = f"{place}: the database does not answer as it should ({said})"
    # A server may be back soon, as a file that fails is not.
    is_passing = isinstance(error, OperationalError) and not isinstance(error.orig, sqlite3.Error)
    return (UnavailableError if is_passing else BrokenError)(message)


def _said(error: DatabaseError | sqlite3.DatabaseError) -> str:
    return " ".join(str(getattr(error, "orig", None) or error).split())
