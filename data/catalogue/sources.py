"""The systems that resources are harvested from, and how far each harvest is."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, select

from data.catalogue import auditing
from data.catalogue.audit_table import Event
from data.catalogue.chain import digest_of
from data.catalogue.platforms import check_platform
from data.catalogue.store import Store, upsert
from data.catalogue.tables import datasets, resources
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

    def add(self, source: Source, by: str = "") -> None:
        """Keep a source that was not there before; `by` is the key of who adds it.

        Raises ConflictError, also where its name is that of a dataset of another origin, and
        NotFoundError for its platform.
        """
        here = select(sources.c.name).where(sources.c.name == source.name)
        with self._store.writing(durable=True) as connection:
            if connection.execute(here).first():
                raise ConflictError(
                    f"source {source.name!r} is there already; remove it, or choose another name"
                )
            _check_origin(connection, source)
            if source.platform is not None:
                check_platform(connection, source.platform)
            values = _values(source)
            connection.execute(sources.insert(), values)
            said = {"digest": digest_of(values)}
            auditing.note(connection, Event.SOURCE, source.name, said, by=by)
            _give(connection, source, source.platform)

    def change(self, source: Source, by: str = "") -> None:
        """Keep other options, another state and another platform of the source of that name.

        Raises NotFoundError for either.
        """
        with self._store.writing(durable=True) as connection:
            before = _there(connection, source.name)
            if source.platform is not None:
                check_platform(connection, source.platform)
            values = _values(source)
            changed = {name: values[name] for name in ("options", "state", "platform")}
            here = sources.update().where(sources.c.name == source.name)
            connection.execute(here.values(changed))
            said = {"digest": digest_of(values)}
            auditing.note(connection, Event.SOURCE, source.name, said, by=by)
            _give(connection, before, source.platform)

    def remove(self, name: str, by: str = "") -> None:
        """Forget a source; what was harvested from it stays. Raises NotFoundError."""
        with self._store.writing(durable=True) as connection:
            gone = connection.execute(delete(sources).where(sources.c.name == name))
            if not gone.rowcount:
                raise NotFoundError(f"source {name!r} is not known; `sources list` names them")
            connection.execute(delete(sightings).where(sightings.c.source == name))
            auditing.note(connection, Event.SOURCE, name, {"removed": True}, by=by)

    def assign(self, name: str, platform: str | None) -> None:
        """Have a source be of a platform or of none, and with it what it brought and will bring.

        Datasets that were assigned to another platform than the source's stay there. Raises
        NotFoundError for either.
        """
        with self._store.writing(durable=True) as connection:
            before = _there(connection, name)
            if platform is not None:
                check_platform(connection, platform)
            here = sources.update().where(sources.c.name == name)
            connection.execute(here.values(platform=platform))
            _give(connection, before, platform)
            auditing.note(connection, Event.SOURCE, name, {"platform": platform})

    def platform_for(self, name: str, dataset: str) -> str | None:
        """The platform that a source gives to a dataset: its own, unless that one has another."""
        owner = select(datasets.c.platform).where(datasets.c.name == dataset)
        mine = select(sources.c.platform, owner.scalar_subquery().label("owner"))
        row = self._store.first(mine.where(sources.c.name == name))
        if row is None or row["owner"] not in (None, row["platform"]):
            return None
        platform: str | None = row["platform"]
        return platform

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


def _there(connection: Connection, name: str) -> Source:
    row = connection.execute(select(sources).where(sources.c.name == name)).mappings().first()
    if row is None:
        raise NotFoundError(f"source {name!r} is not known; `sources list` names them")
    return _read(row)


def _check_origin(connection: Connection, source: Source) -> None:
    """Raise ConflictError where what has its name, or begins with it, did not come from there."""
    name = datasets.c.name
    named = (name == source.name) | name.startswith(f"{source.name}/", autoescape=True)
    if connection.execute(select(name).where(named, ~_from(source))).first():
        raise ConflictError(f"{source.name!r} is a dataset of another origin; choose another name")


def _give(connection: Connection, source: Source, platform: str | None) -> None:
    """Have what came from a source be of a platform, but for what was assigned to another one."""
    of = datasets.c.platform
    free = of.is_(None) | (of == source.platform)
    theirs = datasets.update().where(_brought_by(source), free)
    connection.execute(theirs.values(platform=platform))


def _brought_by(source: Source) -> ColumnElement[bool]:
    """Whether a dataset came from a source: by its name, and where it says that it is from."""
    if source.kind == "oai":
        return datasets.c.name == source.name
    return datasets.c.name.startswith(f"{source.name}/", autoescape=True) & _from(source)


def _from(source: Source) -> ColumnElement[bool]:
    """Whether a dataset says that it is from there."""
    said = func.coalesce(datasets.c.source, "")
    if source.kind == "oai":
        return said == source.url
    return said.startswith(f"{source.url.rstrip('/')}/", autoescape=True)


def _values(record: Source) -> dict[str, Any]:
    return {
        "name": record.name,
        "kind": record.kind,
        "url": record.url,
        "options": dict(record.options),
        "state": dict(record.state),
        "created": record.created,
        "platform": record.platform,
    }


def _read(row: RowMapping) -> Source:
    return Source(**row)
