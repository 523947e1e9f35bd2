"""Who is signed in: a row for each browser, which ends when it is left alone, over, or ended."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from sqlalchemy import RowMapping, delete, select, update

from data.catalogue.hashing import digest_of
from data.catalogue.keys import Role
from data.catalogue.store import Store
from data.catalogue.work_tables import sessions

TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person in one browser; times are Unix seconds.

    `digest` is the SHA-256 of the token that the browser has: it is random, so that nobody guesses
    it, and who reads the table cannot come in with what is there. `source` says what let the person
    in, such as a key's id, so that the session ends with that.
    """

    digest: str
    source: str
    name: str | None
    role: Role
    platform: str | None
    learner: str | None
    created: float
    seen: float
    ends: float

    def holds(self, now: float, idle: float) -> bool:
        """Whether it is good at that moment, if `idle` seconds may pass between two requests."""
        return now < self.ends and now < self.seen + idle


class Sessions:
    """Begins and ends sessions. Whose time is over are forgotten when another one begins."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(
        self,
        *,
        source: str,
        name: str | None,
        role: Role,
        platform: str | None,
        learner: str | None,
        now: float,
        ends: float,
    ) -> str:
        """Begin one, and tell the token that the browser is to have."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "digest": digest_of(token.encode()),
            "source": source,
            "name": name,
            "role": role.value,
            "platform": platform,
            "learner": learner,
            "created": now,
            "seen": now,
            "ends": ends,
        }
        with self._store.writing(durable=True) as connection:
            connection.execute(delete(sessions).where(sessions.c.ends < now))
            connection.execute(sessions.insert(), row)
        return token

    def get(self, token: bytes) -> Session | None:
        """The session of a token, over or not."""
        same = sessions.c.digest == digest_of(token)
        row = self._store.first(select(sessions).where(same))
        return _read(row) if row else None

    def note_seen(self, times: Mapping[str, float]) -> None:
        """Keep when sessions (by digest) were seen last."""
        with self._store.writing() as connection:
            for digest, time in times.items():
                seen = update(sessions).where(sessions.c.digest == digest).values(seen=time)
                connection.execute(seen)

    def end(self, token: bytes) -> None:
        """End the session of a token, if there is one."""
        with self._store.writing(durable=True) as connection:
            connection.execute(delete(sessions).where(sessions.c.digest == digest_of(token)))


def _read(row: RowMapping) -> Session:
    values = {field.name: row[field.name] for field in fields(Session)}
    return Session(**values | {"role": Role(row["role"])})
