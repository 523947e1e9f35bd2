"""What goes wrong with a database, in words that say how to mend it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from data.errors import GatewaysError

_OUR_MISTAKES = (IntegrityError, ProgrammingError)
_DAMAGED = (
    "the file is damaged or is no catalogue; put back a copy, or move it aside, "
    "import the datasets anew and decide again"
)
_ADVICE = {
    "is locked": "another process has been writing for too long; wait for it, then try again",
    "disk is full": (
        "the disk is full; make room, then run the same again: all that was finished is kept"
    ),
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
    "readonly": "the file or its folder cannot be written to; change its permissions",
    "unable to open": "the file cannot be opened; is the folder there, and may you write to it?",
    "disk I/O error": "the disk fails or is full; check it, then run the same again",
}


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn the database's own errors into GatewaysErrors that begin with `place`."""
    try:
        yield
    except _OUR_MISTAKES:
        raise
    except (UnicodeEncodeError, OverflowError) as error:
        raise GatewaysError(f"{place}: a value cannot be kept there: {error}") from None
    except PoolTimeoutError:
        raise GatewaysError(f"{place}: too many are using it at once; try again") from None
    except (DatabaseError, sqlite3.DatabaseError) as error:
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        advice = next((text for part, text in _ADVICE.items() if part in said), None)
        message = advice or f"the database does not answer as it should ({said})"
        raise GatewaysError(f"{place}: {message}") from error
