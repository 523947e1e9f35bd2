"""Teachers' lists: resources in an order, each with a note."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select

from data.catalogue.store import Store
from data.catalogue.work_tables import lists
from data.errors import NotFoundError
from data.records import ListItem, ResourceList


class Lists:
    """Keeps lists. Who may change one is not decided here."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, new: ResourceList) -> None:
        """Keep a list that was not there before."""
        with self._store.writing(durable=True) as connection:
            connection.execute(lists.insert(), _values(new))

    def get(self, list_id: str) -> ResourceList | None:
        """The list of that id."""
        row = self._store.first(select(lists).where(lists.c.id == list_id))
        return _read(row) if row else None

    def of(self, owner: str) -> list[ResourceList]:
        """Those of one owner, the latest changed first."""
        mine = select(lists).where(lists.c.owner == owner)
        rows = self._store.rows(mine.order_by(lists.c.updated.desc(), lists.c.id))
        return [_read(row) for row in rows]

    def change(self, list_id: str, changed: Callable[[ResourceList], ResourceList]) -> ResourceList:
        """Put what `changed` makes of a list in its place, and return it. Raises NotFoundError.

        Nothing else is written meanwhile, so that two changes at once both stay.
        """
        with self._store.writing(durable=True) as connection:
            new = changed(_found(connection, list_id))
            connection.execute(lists.update().where(lists.c.id == list_id).values(_values(new)))
        return new

    def remove(self, list_id: str) -> None:
        """Delete a list, if it is there."""
        with self._store.writing(durable=True) as connection:
            connection.execute(delete(lists).where(lists.c.id == list_id))


def _found(connection: Connection, list_id: str) -> ResourceList:
    row = connection.execute(select(lists).where(lists.c.id == list_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"list {list_id!r} is not in the catalogue")
    return _read(row)


def _values(record: ResourceList) -> dict[str, Any]:
    return {
        "id": record.id,
        "title": record.title,
        "note": record.note,
        "owner": record.owner,
        "items": [{"resource": item.resource, "note": item.note} for item in record.items],
        "created": record.created,
        "updated": record.updated,
    }


def _read(row: RowMapping) -> ResourceList:
    return ResourceList(
        id=row["id"],
        title=row["title"],
        note=row["note"],
        owner=row["owner"],
        items=tuple(
            ListItem(resource=item["resource"], note=item["note"]) for item in row["items"]
        ),
        created=row["created"],
        updated=row["updated"],
    )
