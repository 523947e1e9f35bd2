"""The systems that resources are harvested from, and how far each harvest is."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping, delete, select

from data.catalogue.store import Store, upsert
from data.catalogue.tables import resources
from data.catalogue.work_tables import sightings, sources
from data.errors import ConflictError, NotFoundError
from data.records import Source


class Sources:
    """Keeps sources. What was harvested belongs to the dataset of the same name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Source]:
        """Every source, by name."""
        return [_read(row) for row in self._store.rows(select(sources).order_by(sources.c.name))]

    def get(self, name: str) -> Source | None:
        """The source of that name."""
        row = self._store.first(select(sources).where(sources.c.name == name))
        return _read(row) if row else None

    def add(self, source: Source) -> None:
        """Keep a source that was not there before. Raises ConflictError."""
        here = select(sources.c.name).where(sources.c.name == source.name)
        with self._store.writing(durable=True) as connection:
            if connection.execute(here).first():
                raise ConflictError(
                    f"source {source.name!r} is there already; remove it, or choose another name"
                )
            connection.execute(sources.insert(), _values(source))

    def remove(self, name: str) -> None:
        """Forget a source; what was harvested from it stays. Raises NotFoundError."""
        with self._store.writing(durable=True) as connection:
            gone = connection.execute(delete(sources).where(sources.c.name == name))
            if not gone.rowcount:
                raise NotFoundError(f"source {name!r} is not known; `sources list` names them")
            connection.execute(delete(sightings).where(sightings.c.source == name))

    def keep_state(self, name: str, state: Mapping[str, Any]) -> None:
        """Keep how far its harvest is."""
        with self._store.writing(durable=True) as connection:
            here = sources.update().where(sources.c.name == name)
            connection.execute(here.values(state=dict(state)))

    def sight(self, name: str, ids: Iterable[str]) -> None:
        """Note that the list which is being harvested names these resources."""
        rows = [{"source": name, "resource": id_} for id_ in ids]
        with self._store.writing() as connection:
            if rows:
                upsert(connection, sightings, rows)

    def unsighted(self, name: str) -> list[str]:
        """Ids of the source's resources that are not retired and that its list did not name."""
        named = select(sightings.c.resource).where(sightings.c.source == name)
        mine = (resources.c.dataset == name) & resources.c.retired_at.is_(None)
        missing = select(resources.c.id).where(mine, resources.c.id.not_in(named))
        return [row["id"] for row in self._store.rows(missing.order_by(resources.c.id))]

    def forget_sightings(self, name: str) -> None:
        """Begin a new list."""
        with self._store.writing() as connection:
            connection.execute(delete(sightings).where(sightings.c.source == name))


def _values(record: Source) -> dict[str, Any]:
    return {
        "name": record.name,
        "kind": record.kind,
        "url": record.url,
        "options": dict(record.options),
        "state": dict(record.state),
        "created": record.created,
    }


def _read(row: RowMapping) -> Source:
    return Source(**row)
