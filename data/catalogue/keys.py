"""Keys that let people and programs in, each with a name and a role; the secret is not kept."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select

from data.catalogue import auditing
from data.catalogue.audit_table import Event
from data.catalogue.hashing import fits, hashed
from data.catalogue.platforms import check_platform
from data.catalogue.store import Store
from data.catalogue.work_tables import keys
from data.errors import ConflictError, NotFoundError

SECRET_BYTES: Final = 32
MARK: Final = "gw_"
"""How a secret begins, so that scanners for leaked secrets know one."""

SHOWN: Final = 12
"""Characters of a secret that are kept as they are, to find its row by; 31 others are not."""

EVERY_LEARNER: Final = "*"


class Role(StrEnum):
    """What a key lets its holder do; each role may do all that those before it may."""

    READER = "reader"
    LEARNER = "learner"
    CURATOR = "curator"
    SCIENTIST = "scientist"
    ADMINISTRATOR = "administrator"

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Who may come in, as what, and until when; times are Unix seconds.

    One of a `platform` is for its datasets alone. One with the role of a learner is for the
    `learner` of this pseudonym alone, for none without one, and for all with EVERY_LEARNER. `shown`
    is how its secret begins; None where it was made before that was kept.
    """

    id: str
    name: str
    role: Role
    digest: str
    created: float
    expires: float | None = None
    revoked: float | None = None
    made_by: str | None = None
    revoked_by: str | None = None
    platform: str | None = None
    learner: str | None = None
    shown: str | None = None
    used: float | None = None
    replaces: str | None = None

    def holds(self, now: float) -> bool:
        """Whether it is good at that moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)

    def opens(self, secret: bytes) -> bool:
        """Whether that is its secret; this takes some milliseconds, and as long if it is not."""
        return fits(self.digest, secret)


def beginning_of(secret: bytes) -> str:
    """The part of a secret that its row is found by."""
    return secret[:SHOWN].decode("latin-1")


class Keys:
    """Makes, replaces and revokes keys; a row stays for ever, so that a name can be traced."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(
        self,
        name: str,
        role: Role,
        *,
        by: str,
        now: float,
        expires: float | None = None,
        platform: str | None = None,
        learner: str | None = None,
    ) -> tuple[Key, str]:
        """Make a key; the secret is told here and nowhere else. Raises NotFoundError."""
        key, secret = _made(
            name=name,
            role=role,
            created=now,
            expires=expires,
            made_by=by,
            platform=platform,
            learner=learner,
        )
        with self._store.writing(durable=True) as connection:
            if platform is not None:
                check_platform(connection, platform)
            connection.execute(keys.insert(), _values(key))
            auditing.note_row(connection, Event.KEY, _values(key))
        return key, secret

    def rotate(self, id_: str, *, by: str, now: float, overlap: float) -> tuple[Key, str]:
        """Make a key in place of another, which works for `overlap` seconds more.

        It opens what the other one does, and for as long, counted from now. Raises NotFoundError,
        or ConflictError where the other one is over or was replaced before.
        """
        with self._store.writing(durable=True) as connection:
            old = _found(connection, id_)
            later = connection.execute(select(keys.c.id).where(keys.c.replaces == id_)).first()
            if later or not old.holds(now):
                done = f"was replaced by {later.id!r}" if later else "is over or revoked"
                raise ConflictError(f"key {id_!r} {done}; make a new one")
            new, secret = _made(
                name=old.name,
                role=old.role,
                created=now,
                expires=old.expires and now + old.expires - old.created,
                made_by=by,
                platform=old.platform,
                learner=old.learner,
                replaces=id_,
            )
            ends = min(old.expires or float("inf"), now + overlap)
            connection.execute(keys.update().where(keys.c.id == id_).values(expires=ends))
            connection.execute(keys.insert(), _values(new))
            auditing.note_row(connection, Event.KEY, _values(new))
        return new, secret

    def all(self) -> list[Key]:
        """Every key that was ever made, the newest first."""
        rows = self._store.rows(select(keys).order_by(keys.c.created.desc(), keys.c.id))
        return [_read(row) for row in rows]

    def revoke(self, id_: str, *, by: str, now: float) -> None:
        """End a key. Raises NotFoundError, or ConflictError where that was done before."""
        with self._store.writing(durable=True) as connection:
            if _found(connection, id_).revoked is not None:
                raise ConflictError(f"key {id_!r} was revoked before")
            ended = keys.update().where(keys.c.id == id_).values(revoked=now, revoked_by=by)
            connection.execute(ended)
            auditing.note(connection, Event.KEY_REVOKED, id_, {}, now)

    def rehash(self, id_: str, secret: bytes) -> None:
        """Keep a key's secret as it is kept now, in place of an older hash of it."""
        anew = keys.update().where(keys.c.id == id_)
        with self._store.writing() as connection:
            connection.execute(anew.values(digest=hashed(secret), shown=beginning_of(secret)))

    def note_used(self, times: Mapping[str, float]) -> None:
        """Keep when keys (by id) were used last."""
        with self._store.writing() as connection:
            for id_, time in times.items():
                connection.execute(keys.update().where(keys.c.id == id_).values(used=time))


def _made(**values: Any) -> tuple[Key, str]:
    secret = MARK + secrets.token_urlsafe(SECRET_BYTES)
    sent = secret.encode()
    id_ = secrets.token_hex(6)
    return Key(id=id_, digest=hashed(sent), shown=beginning_of(sent), **values), secret


def _found(connection: Connection, id_: str) -> Key:
    row = connection.execute(select(keys).where(keys.c.id == id_)).mappings().first()
    if row is None:
        raise NotFoundError(f"key {id_!r} is not in the catalogue")
    return _read(row)


def _values(key: Key) -> dict[str, Any]:
    values = {field.name: getattr(key, field.name) for field in fields(key)}
    return values | {"role": key.role.value}


def _read(row: RowMapping) -> Key:
    return Key(**{**row, "role": Role(row["role"])})
