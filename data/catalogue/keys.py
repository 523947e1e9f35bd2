"""Keys that let people and programs in, each with a name and a role; the secret is not kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import RowMapping, select

from data.catalogue import auditing
from data.catalogue.audit_table import Event
from data.catalogue.platforms import check_platform
from data.catalogue.store import Store
from data.catalogue.work_tables import keys
from data.errors import ConflictError, NotFoundError

SECRET_BYTES = 32


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

    One of a `platform` is for its datasets alone.
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

    def holds(self, now: float) -> bool:
        """Whether it is good at that moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)

    def opens(self, secret: bytes) -> bool:
        """Whether that is its secret; takes as long for any that is not."""
        return hmac.compare_digest(self.digest, digest_of(secret))


def digest_of(secret: bytes) -> str:
    """What is kept of a secret."""
    # Of 32 random bytes no guess comes near, so that a slow hash would only slow every request.
    return hashlib.sha256(secret).hexdigest()


class Keys:
    """Makes and revokes keys; a row stays for ever, so that a name can be traced."""

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
    ) -> tuple[Key, str]:
        """Make a key; the secret is told here and nowhere else. Raises NotFoundError."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        key = Key(
            id=secrets.token_hex(6),
            name=name,
            role=role,
            digest=digest_of(secret.encode()),
            created=now,
            expires=expires,
            made_by=by,
            platform=platform,
        )
        values = {field: getattr(key, field) for field in Key.__dataclass_fields__}
        with self._store.writing(durable=True) as connection:
            if platform is not None:
                check_platform(connection, platform)
            connection.execute(keys.insert(), values | {"role": role.value})
            auditing.note_row(connection, Event.KEY, values | {"role": role.value})
        return key, secret

    def all(self) -> list[Key]:
        """Every key that was ever made, the newest first."""
        rows = self._store.rows(select(keys).order_by(keys.c.created.desc(), keys.c.id))
        return [_read(row) for row in rows]

    def revoke(self, id_: str, *, by: str, now: float) -> None:
        """End a key. Raises NotFoundError, or ConflictError where that was done before."""
        with self._store.writing(durable=True) as connection:
            found = connection.execute(select(keys.c.revoked).where(keys.c.id == id_)).first()
            if found is None:
                raise NotFoundError(f"key {id_!r} is not in the catalogue")
            if found.revoked is not None:
                raise ConflictError(f"key {id_!r} was revoked before")
            ended = keys.update().where(keys.c.id == id_).values(revoked=now, revoked_by=by)
            connection.execute(ended)
            auditing.note(connection, Event.KEY_REVOKED, id_, {}, now)


def _read(row: RowMapping) -> Key:
    return Key(**{**row, "role": Role(row["role"])})
