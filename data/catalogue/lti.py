"""Learning platforms that may embed our pages over LTI, and the launches that came from them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select

from data.catalogue import auditing
from data.catalogue.audit_table import Event
from data.catalogue.chain import digest_of
from data.catalogue.store import Store
from data.catalogue.work_tables import lti_launches, lti_platforms
from data.errors import ConflictError, NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class LtiPlatform:
    """A learning platform as it was registered here.

    `jwks_url` is where its public keys are read, `jwks` the keys themselves where no network is;
    one of the two is given. `origins` are those of the pages that may hold ours in a frame.
    """

    name: str
    issuer: str
    client_id: str
    deployments: tuple[str, ...]
    authorisation_url: str
    token_url: str | None = None
    jwks_url: str | None = None
    jwks: Mapping[str, Any] | None = None
    origins: tuple[str, ...]
    created: float


class LtiPlatforms:
    """Keeps platforms. An issuer and a client id belong to one of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[LtiPlatform]:
        """Every platform, by name."""
        found = self._store.rows(select(lti_platforms).order_by(lti_platforms.c.name))
        return [_read(row) for row in found]

    def get(self, name: str) -> LtiPlatform | None:
        """The platform of that name."""
        row = self._store.first(select(lti_platforms).where(lti_platforms.c.name == name))
        return _read(row) if row else None

    def of_issuer(self, issuer: str, client_id: str | None = None) -> list[LtiPlatform]:
        """Those of an issuer, and of a client id where that is given."""
        wanted = select(lti_platforms).where(lti_platforms.c.issuer == issuer)
        if client_id:
            wanted = wanted.where(lti_platforms.c.client_id == client_id)
        return [_read(row) for row in self._store.rows(wanted.order_by(lti_platforms.c.name))]

    def add(self, platform: LtiPlatform, by: str = "") -> None:
        """Keep a platform that was not there before; `by` is the key of who adds it.

        Raises ConflictError.
        """
        with self._store.writing(durable=True) as connection:
            named = lti_platforms.c.name == platform.name
            if connection.execute(select(lti_platforms.c.name).where(named)).first():
                raise ConflictError(f"platform {platform.name!r} is there already; remove it first")
            _check_alone(connection, platform)
            values = _values(platform)
            connection.execute(lti_platforms.insert(), values)
            _note(connection, platform.name, {"digest": digest_of(values)}, by)

    def change(self, platform: LtiPlatform, by: str = "") -> None:
        """Keep this in place of the platform of that name. Raises NotFoundError, ConflictError."""
        with self._store.writing(durable=True) as connection:
            _check_alone(connection, platform)
            values = _values(platform)
            here = lti_platforms.update().where(lti_platforms.c.name == platform.name)
            if not connection.execute(here.values(values)).rowcount:
                raise _unknown(platform.name)
            _note(connection, platform.name, {"digest": digest_of(values)}, by)

    def remove(self, name: str, by: str = "") -> None:
        """Forget a platform, whose launches end with it. Raises NotFoundError."""
        with self._store.writing(durable=True) as connection:
            gone = connection.execute(delete(lti_platforms).where(lti_platforms.c.name == name))
            if not gone.rowcount:
                raise _unknown(name)
            _note(connection, name, {"removed": True}, by)


class LtiLaunches:
    """Each launch by its nonce, so that none happens twice; nothing of the person is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(
        self, nonce: str, asked: Mapping[str, Any] | None, *, now: float, expires: float
    ) -> bool:
        """Note a launch and what was asked for; False if its nonce was used before.

        Launches that are over are forgotten.
        """
        same = select(lti_launches.c.nonce).where(lti_launches.c.nonce == nonce)
        with self._store.writing(durable=True) as connection:
            connection.execute(delete(lti_launches).where(lti_launches.c.expires < now))
            if connection.execute(same).first():
                return False
            row = {"nonce": nonce, "asked": dict(asked) if asked else None, "expires": expires}
            connection.execute(lti_launches.insert(), row)
        return True

    def asked(self, nonce: str) -> dict[str, Any] | None:
        """What was asked for at the launch with this nonce."""
        row = self._store.first(select(lti_launches.c.asked).where(lti_launches.c.nonce == nonce))
        return row["asked"] if row else None


def _check_alone(connection: Connection, platform: LtiPlatform) -> None:
    """Raise ConflictError where another has the same issuer and client id."""
    of = lti_platforms.c
    same = (of.issuer == platform.issuer) & (of.client_id == platform.client_id)
    other = select(of.name).where(same, of.name != platform.name)
    if found := connection.execute(other).scalar():
        raise ConflictError(
            f"platform {found!r} has this issuer and client id; change or remove that one"
        )


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(f"platform {name!r} is not known; `lti list` names them")


def _note(connection: Connection, name: str, said: Mapping[str, Any], by: str) -> None:
    auditing.note(connection, Event.PLATFORM, name, {"lti": True, **said}, by=by)


def _values(platform: LtiPlatform) -> dict[str, Any]:
    return {field.name: getattr(platform, field.name) for field in fields(platform)}


def _read(row: RowMapping) -> LtiPlatform:
    lists = {name: tuple(row[name]) for name in ("deployments", "origins")}
    return LtiPlatform(**{**row, **lists})
