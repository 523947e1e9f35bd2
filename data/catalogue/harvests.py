"""Who is harvesting which source: a line that whoever does it writes again and again."""

import time
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from data.catalogue.store import Store, inserting
from data.catalogue.work_tables import harvests
from data.errors import ConflictError

LATE_SECONDS: Final = 60.0
"""Who was not heard of for so long was killed, or its machine is gone: another may go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """A harvest that goes on: of which source, by which process, since when, when last heard of.

    `id` is its own; times are in Unix seconds.
    """

    source: str
    id: str
    host: str
    pid: int
    since: float
    seen: float


class Harvests:
    """Lets one process at a time harvest a source, whichever machine or workspace it is in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, harvest: Harvest) -> None:
        """Take the source, unless another has it. Raises ConflictError that says who."""
        row = asdict(harvest)
        with self._store.noting() as connection:
            taken = inserting(connection, harvests).on_conflict_do_update(
                index_elements=["source"],
                set_={name: value for name, value in row.items() if name != "source"},
                where=harvests.c.seen < harvest.seen - LATE_SECONDS,
            )
            if connection.execute(taken.returning(harvests.c.id), row).first():
                return
        raise ConflictError(
            f"source {harvest.source!r} is being harvested by {self._holder(harvest.source)}; wait "
            f"until that ends, or for {LATE_SECONDS:g} seconds if it was killed"
        )

    def of(self, source: str) -> Harvest | None:
        """The harvest of a source that was begun and did not end, killed or not."""
        row = self._store.first(select(harvests).where(harvests.c.source == source))
        return Harvest(**row) if row else None

    def renew(self, harvest: Harvest, now: float) -> bool:
        """Say that it goes on; False where another has taken the source meanwhile."""
        with self._store.noting() as connection:
            renewed = harvests.update().where(_is(harvest)).values(seen=now)
            return bool(connection.execute(renewed).rowcount)

    def end(self, harvest: Harvest) -> None:
        """Let others have the source."""
        with self._store.noting() as connection:
            connection.execute(delete(harvests).where(_is(harvest)))

    def _holder(self, source: str) -> str:
        if (found := self.of(source)) is None:  # it has ended meanwhile
            return "another process"
        since = time.strftime("%H:%M:%S", time.localtime(found.since))
        return f"process {found.pid} on {found.host} (since {since})"


def _is(harvest: Harvest) -> ColumnElement[bool]:
    return (harvests.c.source == harvest.source) & (harvests.c.id == harvest.id)
