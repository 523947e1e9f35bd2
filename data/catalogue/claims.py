"""Who is working on which resource, so that two never do the same."""

from sqlalchemy import Connection, delete, select

from data.catalogue.store import Store, upsert
from data.catalogue.work_tables import claims


class Claims:
    """A claim holds until its time is over, it is given back, or its resource is decided on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, resource: str, curator: str, now: float, seconds: float) -> str:
        """Claim a resource unless another curator has it; the name of who has it then.

        A curator works on one at a time, so what they had claimed before is given back.
        """
        with self._store.writing() as connection:
            holder = holder_of(connection, resource, now)
            if holder in (None, curator):
                connection.execute(delete(claims).where(claims.c.curator == curator))
                row = {"resource": resource, "curator": curator, "until": now + seconds}
                upsert(connection, claims, [row])
            return holder or curator

    def renew(self, resource: str, curator: str, now: float, seconds: float) -> None:
        """Have a curator's claim last from now on, even if it is over and nobody else took it."""
        mine = (claims.c.resource == resource) & (claims.c.curator == curator)
        with self._store.noting() as connection:
            connection.execute(claims.update().where(mine).values(until=now + seconds))

    def active(self, now: float) -> dict[str, str]:
        """Resource → curator, of the claims that hold now."""
        holding = select(claims).where(claims.c.until > now)
        return {row["resource"]: row["curator"] for row in self._store.rows(holding)}


def holder_of(connection: Connection, resource: str, now: float) -> str | None:
    """Who has a claim on the resource that holds now."""
    mine = select(claims.c.curator).where(claims.c.resource == resource, claims.c.until > now)
    return connection.execute(mine).scalar()
