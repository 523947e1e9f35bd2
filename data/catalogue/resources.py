"""Resources, whether a dataset brought them or someone made them here."""

import json
import time
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Text,
    case,
    cast,
    func,
    or_,
    select,
)

from data.catalogue.collation import cased
from data.catalogue.paging import Order, Page, page_of
from data.catalogue.platforms import datasets_of
from data.catalogue.rows import UnstorableError, Values, entry_of, record_of
from data.catalogue.store import Store, in_chunks, raise_revision
from data.catalogue.tables import LOCAL, resources
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.records import Resource

_ORDER = Order((resources.c.id,))


class Resources:
    """Reads and writes resources. Lists leave out retired ones; `get` and `many` find them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, resource_id: str) -> Resource | None:
        """The resource of that id, retired or not."""
        row = self._store.first(select(resources).where(resources.c.id == resource_id))
        return _read(row) if row else None

    def many(
        self, ids: Iterable[str], *, platform: str | None = None, live: bool = False
    ) -> dict[str, Resource]:
        """The resources of those ids, retired or not; an id that is not there is left out.

        So is one that is not of the platform, where one is given, and with `live` a retired one.
        """
        wanted = _of_platform(_live() if live else select(resources), platform)
        found: dict[str, Resource] = {}
        for chunk in in_chunks(ids):
            rows = self._store.rows(wanted.where(resources.c.id.in_(chunk)))
            found |= {row["id"]: _read(row) for row in rows}
        return found

    def live(
        self, datasets: Collection[str] | None = None, *, after: str = ""
    ) -> Iterator[Resource]:
        """Stream all that are not retired, by id: of some datasets, or those behind an id."""
        statement = _live().where(resources.c.id > after) if after else _live()
        if datasets is not None:
            statement = statement.where(resources.c.dataset.in_(datasets))
        return map(_read, self._store.stream(statement.order_by(resources.c.id)))

    def with_extra(self, dataset: str, name: str) -> Iterator[Resource]:
        """Stream those of one dataset whose `extra` may have a field of that name, by id."""
        quoted = json.dumps(name)
        statement = _live().where(resources.c.dataset == dataset)
        statement = statement.where(cast(resources.c.extra, Text).contains(quoted, autoescape=True))
        return map(_read, self._store.stream(statement.order_by(resources.c.id)))

    def page(
        self,
        *,
        text: str | None = None,
        language: str | None = None,
        kind: str | None = None,
        platform: str | None = None,
        first: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Resource]:
        """A page by id; `text` is looked for in title and description, whatever its case.

        Those in the language `first`, if one is given, come before all others. Raises GatewaysError
        for a malformed cursor or limit.
        """
        statement = _live()
        if text:
            searched = (resources.c.title, resources.c.description)
            statement = statement.where(
                or_(*(cased(column).icontains(text, autoescape=True) for column in searched))
            )
        if language is not None:
            statement = statement.where(resources.c.language == language)
        if kind is not None:
            statement = statement.where(resources.c.kind == kind)
        statement, order = _of_platform(statement, platform), _ORDER
        if first:
            turn = _turn(first)
            statement, order = statement.add_columns(turn), Order((turn, resources.c.id))
        return page_of(self._store, statement, order, _read, after=after, limit=limit)

    def languages(self) -> list[str]:
        """The languages that resources are in, the one of most resources first."""
        return self._values(resources.c.language)

    def kinds(self) -> list[str]:
        """The kinds that resources are of, the commonest first."""
        return self._values(resources.c.kind)

    def _values(self, column: Column[Any]) -> list[str]:
        counted = (
            select(column.label("value"))
            .where(resources.c.retired_at.is_(None), column.is_not(None))
            .group_by(column)
            .order_by(func.count().desc(), column)
        )
        return [row["value"] for row in self._store.rows(counted)]

    def version(self, resource_id: str) -> str:
        """The digest of what is kept, for an ETag. Raises NotFoundError."""
        row = self._store.first(select(resources.c.digest).where(resources.c.id == resource_id))
        if row is None:
            raise _unknown(resource_id)
        return str(row["digest"])

    def create(self, resource: Resource) -> None:
        """Add a resource that belongs to no dataset. Raises ConflictError if the id is taken."""
        values = _values(resource)
        with self._store.writing(durable=True) as connection:
            taken = select(resources.c.id).where(resources.c.id == resource.id)
            if connection.execute(taken).first():
                raise ConflictError(
                    f"resource {resource.id!r} is there already; replace it, or choose another id"
                )
            values |= {"dataset": LOCAL} | _stamp(connection)
            connection.execute(resources.insert(), values)

    def replace(self, resource: Resource, *, version: str | None = None) -> None:
        """Put this in place of the resource of the same id, which comes back if it was retired.

        It stays with its dataset, whose next import sets it back. Raises NotFoundError, and
        ConflictError if `version` is given and is not the present one.
        """
        values = _values(resource)
        here = resources.c.id == resource.id
        with self._store.writing(durable=True) as connection:
            kept = connection.execute(select(resources).where(here)).first()
            if kept is None:
                raise _unknown(resource.id)
            if version is not None and version != kept.digest:
                raise ConflictError(
                    f"resource {resource.id!r} has changed since you read it; read it again"
                )
            if kept.digest != values["digest"] or kept.retired_at is not None:
                values |= _stamp(connection)
                connection.execute(resources.update().where(here).values(values))

    def changed_since(self, revision: int) -> list[Resource]:
        """Those that are new, changed or back since that revision of the catalogue."""
        changed = _live().where(resources.c.revision > revision).order_by(resources.c.id)
        return [_read(row) for row in self._store.stream(changed)]

    def retired_since(self, revision: int) -> list[str]:
        """Ids of those that were retired since that revision of the catalogue."""
        retired = resources.c.retired_at.is_not(None) & (resources.c.revision > revision)
        rows = self._store.rows(select(resources.c.id).where(retired).order_by(resources.c.id))
        return [row["id"] for row in rows]


def _values(resource: Resource) -> Values:
    try:
        values = entry_of(resource, LOCAL).values
    except UnstorableError as error:
        raise GatewaysError(f"resource {resource.id!r}: {error}") from None
    del values["dataset"]
    return values


def _stamp(connection: Connection) -> Values:
    return {"revision": raise_revision(connection), "changed": time.time()}


def _unknown(resource_id: str) -> NotFoundError:
    return NotFoundError(f"resource {resource_id!r} is not in the catalogue")


def _turn(language: str) -> ColumnElement[int]:
    """0 for resources in a language or a variety of it, 1 for others."""
    there = (resources.c.language == language) | resources.c.language.startswith(f"{language}-")
    return case((there, 0), else_=1).label("turn")


def _of_platform(statement: Select[Any], platform: str | None) -> Select[Any]:
    if platform is None:
        return statement
    return statement.where(resources.c.dataset.in_(datasets_of(platform)))


def _live() -> Select[Any]:
    return select(resources).where(resources.c.retired_at.is_(None))


def _read(row: RowMapping) -> Resource:
    return record_of(Resource, row)
