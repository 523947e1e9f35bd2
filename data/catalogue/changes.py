"""Resources in the order in which they changed, retired ones too: what others harvest from us."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, func, select

from data.catalogue.paging import Order, Page, page_of
from data.catalogue.rows import record_of
from data.catalogue.store import Store, in_chunks
from data.catalogue.tables import resources
from data.records import Resource

_ORDER = Order((resources.c.changed, resources.c.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A resource and its alignments as they are since `changed` (Unix seconds), and whose it is."""

    resource: Resource
    dataset: str
    changed: float
    retired: bool


class Changes:
    """Reads what changed when."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def page(
        self,
        *,
        since: float | None = None,
        before: float | None = None,
        dataset: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Change]:
        """A page of what changed from `since` on and `before` another time.

        Raises GatewaysError for a malformed cursor.
        """
        statement = select(resources)
        if since is not None:
            statement = statement.where(resources.c.changed >= since)
        if before is not None:
            statement = statement.where(resources.c.changed < before)
        if dataset is not None:
            statement = statement.where(resources.c.dataset == dataset)
        return page_of(self._store, statement, _ORDER, _read, after=after, limit=limit)

    def of(self, resource_id: str) -> Change | None:
        """The last change of that resource."""
        row = self._store.first(select(resources).where(resources.c.id == resource_id))
        return _read(row) if row else None

    def earliest(self) -> float:
        """When the first change was; 0 if there is none."""
        row = self._store.first(select(func.min(resources.c.changed).label("first")))
        return float(row["first"] or 0) if row else 0.0


def note_change(connection: Connection, resource_ids: Iterable[str]) -> None:
    """Note that what these resources are aligned to has changed, which others harvest with them."""
    for chunk in in_chunks(resource_ids):
        statement = resources.update().where(resources.c.id.in_(chunk))
        connection.execute(statement.values(changed=time.time()))


def _read(row: RowMapping) -> Change:
    return Change(
        resource=record_of(Resource, row),
        dataset=row["dataset"],
        changed=row["changed"],
        retired=row["retired_at"] is not None,
    )
