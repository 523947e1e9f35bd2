"""The platforms that share this gateway, and which dataset is of which."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, select

from data.catalogue import auditing
from data.catalogue.audit_table import Event
from data.catalogue.chain import digest_of
from data.catalogue.store import Store, in_chunks, upsert
from data.catalogue.tables import datasets, resources
from data.catalogue.work_tables import platforms, sources
from data.errors import ConflictError, NotFoundError
from data.records import Platform


class Platforms:
    """Keeps platforms. A dataset is of one platform or of none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Platform]:
        """Every platform, by id."""
        rows = self._store.rows(select(platforms).order_by(platforms.c.id))
        return [_read(row) for row in rows]

    def get(self, id_: str) -> Platform | None:
        """The platform of that id."""
        row = self._store.first(select(platforms).where(platforms.c.id == id_))
        return _read(row) if row else None

    def put(self, platform: Platform, by: str = "") -> None:
        """Keep a platform, in place of the one that had its id; `by` is the key of who says so."""
        with self._store.writing(durable=True) as connection:
            values = _values(platform)
            upsert(connection, platforms, [values])
            said = {"digest": digest_of(values)}
            auditing.note(connection, Event.PLATFORM, platform.id, said, by=by)

    def remove(self, id_: str, by: str = "") -> None:
        """Forget a platform; its datasets and sources stay, of no platform. Raises NotFoundError.

        Its keys stay its own: they open nothing that others have.
        """
        with self._store.writing(durable=True) as connection:
            check_platform(connection, id_)
            for table in (datasets, sources):
                theirs = table.update().where(table.c.platform == id_)
                connection.execute(theirs.values(platform=None))
            connection.execute(delete(platforms).where(platforms.c.id == id_))
            auditing.note(connection, Event.PLATFORM, id_, {"removed": True}, by=by)

    def assign(self, dataset: str, platform: str | None, by: str = "") -> None:
        """Have a dataset be of a platform, or of none. Raises NotFoundError for either."""
        with self._store.writing(durable=True) as connection:
            if platform is not None:
                check_platform(connection, platform)
            here = datasets.update().where(datasets.c.name == dataset)
            if not connection.execute(here.values(platform=platform)).rowcount:
                raise NotFoundError(f"dataset {dataset!r} is not in the catalogue")
            said = {"dataset": dataset, "assigned": platform is not None}
            auditing.note(connection, Event.PLATFORM, platform or dataset, said, by=by)

    def of_resources(self, ids: Iterable[str]) -> dict[str, str]:
        """Resource → the id of its dataset's platform, of those that have one."""
        joined = select(resources.c.id, datasets.c.platform).join(
            datasets, datasets.c.name == resources.c.dataset
        )
        known = joined.where(datasets.c.platform.is_not(None))
        return {
            row["id"]: row["platform"]
            for chunk in in_chunks(ids)
            for row in self._store.rows(known.where(resources.c.id.in_(chunk)))
        }

    def of_datasets(self) -> dict[str, str]:
        """Dataset → the id of its platform, of those that have one."""
        known = select(datasets.c.name, datasets.c.platform)
        rows = self._store.rows(known.where(datasets.c.platform.is_not(None)))
        return {row["name"]: row["platform"] for row in rows}

    def datasets_of(self, id_: str) -> list[str]:
        """The names of a platform's datasets, in order."""
        rows = self._store.rows(datasets_of(id_).order_by(datasets.c.name))
        return [row["name"] for row in rows]


def datasets_of(id_: str) -> Select[tuple[str]]:
    """Selects the names of a platform's datasets."""
    return select(datasets.c.name).where(datasets.c.platform == id_)


def check_platform(connection: Connection, id_: str) -> None:
    """Raise NotFoundError if there is no platform of that id."""
    if connection.execute(select(platforms.c.id).where(platforms.c.id == id_)).first() is None:
        raise NotFoundError(
            f"platform {id_!r} is not known; `gateways platforms list` names them, `add` notes one"
        )


def check_taking(connection: Connection, dataset: str, platform: str) -> None:
    """Raise NotFoundError without that platform, ConflictError if it may not have the dataset.

    It may if there is no such dataset yet, or if it is of this platform or of none.
    """
    check_platform(connection, platform)
    owner = select(datasets.c.platform).where(datasets.c.name == dataset)
    if connection.execute(owner).scalar() not in (None, platform):
        raise ConflictError(
            f"dataset {dataset!r} is of another platform; `gateways platforms assign` moves it"
        )


def _values(record: Platform) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in Platform.__dataclass_fields__}
    return values | {"languages": list(record.languages)}


def _read(row: RowMapping) -> Platform:
    return Platform(**{**row, "languages": tuple(row["languages"])})
