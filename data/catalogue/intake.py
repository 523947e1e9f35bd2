"""What an import needs of the catalogue: look-ups and writes, a batch to a transaction."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Table, bindparam, select

from data.catalogue import auditing, erased, naming
from data.catalogue import frameworks as framework_rows
from data.catalogue.audit_table import Event
from data.catalogue.chain import digest_of
from data.catalogue.changes import note_change
from data.catalogue.platforms import check_taking
from data.catalogue.rows import KEYS, Entry, Key, values_of
from data.catalogue.store import Store, in_chunks, raise_revision, raise_stated, upsert
from data.catalogue.tables import (
    alignments,
    correspondences,
    datasets,
    interactions,
    outcomes,
    prerequisites,
    resources,
)
from data.formats.protocol import Called
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Framework,
    Interaction,
    Outcome,
    Prerequisite,
    Record,
    Resource,
)

_TABLES: dict[type[Record], Table] = {
    Outcome: outcomes,
    Resource: resources,
    Alignment: alignments,
    Prerequisite: prerequisites,
    Correspondence: correspondences,
    Interaction: interactions,
}
_OWN_KEYS = (Alignment, Prerequisite, Correspondence)  # the owner is part of the key


@dataclass(frozen=True, slots=True)
class Kept:
    """What the catalogue has under a key."""

    dataset: str
    digest: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Where an outcome of the catalogue hangs, and whose it is."""

    dataset: str
    framework: str
    parent: str | None


class Batch:
    """One transaction of an import of one dataset."""

    def __init__(self, connection: Connection, dataset: str) -> None:
        self._connection = connection
        self._dataset = dataset

    def put_dataset(self, dataset: Dataset, now: float, platform: str | None = None) -> None:
        """Write what the dataset says of itself, when it was taken in, and whose it is from now on.

        Without a platform it stays whose it is. Raises as `check_taking` does.
        """
        owned = {}
        if platform is not None:
            check_taking(self._connection, dataset.name, platform)
            owned = {"platform": platform}
        values = values_of(dataset)
        upsert(self._connection, datasets, [values | {"imported": now} | owned])
        said = {"digest": digest_of(values)} | owned
        auditing.note(self._connection, Event.IMPORT, dataset.name, said, now)

    def put_frameworks(self, wanted: Iterable[Framework]) -> None:
        """Write the frameworks that are new or differ."""
        for framework in wanted:
            framework_rows.put_framework(self._connection, framework)

    def settle_frameworks(self) -> None:
        """Stamp the dataset's frameworks with the state of their outcomes."""
        framework_rows.refresh_fingerprints(self._connection, self._dataset)

    def retire_frameworks(self, named: Sequence[str], now: float) -> None:
        """Retire the dataset's frameworks that are not named and have no outcome left."""
        framework_rows.retire_frameworks(self._connection, self._dataset, named, now)

    def empty_frameworks(self, ids: Iterable[str]) -> list[str]:
        """Those that have no outcome which a resource can be aligned to."""
        return framework_rows.empty_frameworks(self._connection, ids)

    def kept(self, kind: type[Record], entries: Sequence[Entry]) -> dict[Key, Kept]:
        """What is there already under the keys of at most a chunk of entries."""
        table, names = _TABLES[kind], KEYS[kind]
        columns = [table.c[name] for name in names]
        statement = select(*columns, table.c.dataset, table.c.digest, table.c.retired_at)
        statement = statement.where(columns[0].in_({entry.key[0] for entry in entries}))
        if kind in _OWN_KEYS:
            statement = statement.where(table.c.dataset == self._dataset)
        return {
            tuple(key): Kept(dataset, digest, retired_at is not None)
            for *key, dataset, digest, retired_at in self._connection.execute(statement)
        }

    def write(self, kind: type[Record], entries: Sequence[Entry]) -> None:
        """Insert or replace, and count it as a change of what is taught if it is one."""
        if not entries:
            return
        stamp = self._stamp(kind)
        upsert(self._connection, _TABLES[kind], [entry.values | stamp for entry in entries])
        self._note_change(kind, [entry.key for entry in entries])

    def keys(self, kind: type[Record]) -> Iterator[Key]:
        """Stream the keys of the dataset's rows that are not retired, in their order."""
        table = _TABLES[kind]
        columns = [table.c[name] for name in KEYS[kind]]
        own = (table.c.dataset == self._dataset) & table.c.retired_at.is_(None)
        for row in self._connection.execute(select(*columns).where(own).order_by(*columns)):
            yield tuple(row)

    def retire(self, kind: type[Record], keys: Sequence[Key], now: float) -> None:
        """Retire the dataset's rows of these keys."""
        table, names = _TABLES[kind], KEYS[kind]
        statement = table.update().values(retired_at=now, **self._stamp(kind))
        statement = statement.where(table.c.dataset == self._dataset)
        statement = statement.where(*(table.c[name] == bindparam(f"key_{name}") for name in names))
        rows = [
            {f"key_{name}": part for name, part in zip(names, key, strict=True)} for key in keys
        ]
        self._connection.execute(statement, rows)
        self._note_change(kind, keys)

    def resources(self, ids: Iterable[str]) -> set[str]:
        """Those ids that are resources and not retired."""
        found: set[str] = set()
        for chunk in in_chunks(ids):
            live = resources.c.retired_at.is_(None) & resources.c.id.in_(chunk)
            found.update(self._connection.execute(select(resources.c.id).where(live)).scalars())
        return found

    def outcomes(self, ids: Iterable[str]) -> dict[str, bool]:
        """Those ids that are outcomes and not retired, and whether each is assignable."""
        found: dict[str, bool] = {}
        columns = select(outcomes.c.id, outcomes.c.assignable)
        for chunk in in_chunks(ids):
            live = outcomes.c.retired_at.is_(None) & outcomes.c.id.in_(chunk)
            found |= {
                row.id: row.assignable for row in self._connection.execute(columns.where(live))
            }
        return found

    def sent(self, client_ids: Iterable[str]) -> dict[str, str]:
        """The digests of the interactions that came under those ids, retired or not."""
        found: dict[str, str] = {}
        for chunk in in_chunks(client_ids):
            named = interactions.c.client_id.in_(chunk)
            rows = select(interactions.c.client_id, interactions.c.digest).where(named)
            found |= {row.client_id: row.digest for row in self._connection.execute(rows)}
        return found

    def known(self, about: Iterable[Called]) -> naming.Known:
        """Which resources and outcomes things are that a source calls by other names."""
        return naming.known(self._connection, about)

    def erased(self, learners: Iterable[str]) -> dict[str, float]:
        """Those learners who were erased, and when at last (Unix seconds)."""
        return erased.since(self._connection, learners)

    def links(self, ids: Iterable[str]) -> dict[str, Link]:
        """Owner, framework and parent of those ids that are outcomes and not retired."""
        found: dict[str, Link] = {}
        columns = select(outcomes.c.id, outcomes.c.dataset, outcomes.c.framework, outcomes.c.parent)
        for chunk in in_chunks(ids):
            live = outcomes.c.retired_at.is_(None) & outcomes.c.id.in_(chunk)
            for row in self._connection.execute(columns.where(live)):
                found[row.id] = Link(row.dataset, row.framework, row.parent)
        return found

    def branches(self) -> dict[str, str]:
        """Child → parent, of all outcomes that are not retired and have one."""
        live = outcomes.c.retired_at.is_(None) & outcomes.c.parent.is_not(None)
        rows = self._connection.execute(select(outcomes.c.id, outcomes.c.parent).where(live))
        return {row.id: row.parent for row in rows}

    def edges(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Stream every prerequisite that is not retired: its owner, and (outcome, requires)."""
        table = prerequisites
        live = select(table.c.dataset, table.c.outcome, table.c.requires)
        for row in self._connection.execute(live.where(table.c.retired_at.is_(None))):
            yield row.dataset, (row.outcome, row.requires)

    def _note_change(self, kind: type[Record], keys: Iterable[Key]) -> None:
        if kind is Alignment:
            note_change(self._connection, (resource for resource, *_ in keys))

    def _stamp(self, kind: type[Record]) -> dict[str, float]:
        if kind in (Outcome, Resource):
            stamp: dict[str, float] = {"revision": raise_revision(self._connection)}
            return stamp | {"changed": time.time()} if kind is Resource else stamp
        if kind in _OWN_KEYS:
            raise_stated(self._connection)
        return {}


class Intake:
    """One import of one dataset."""

    def __init__(self, store: Store, dataset: str, rehearsal: Connection | None) -> None:
        self._store = store
        self._dataset = dataset
        self._rehearsal = rehearsal

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """A transaction of its own, or a part of the one that a rehearsal rolls back."""
        if self._rehearsal is not None:
            yield Batch(self._rehearsal, self._dataset)
            return
        with self._store.writing() as connection:
            yield Batch(connection, self._dataset)


@contextmanager
def open_intake(store: Store, dataset: str, *, rehearsal: bool) -> Iterator[Intake]:
    """Begin an import; a rehearsal leaves nothing behind."""
    if not rehearsal:
        yield Intake(store, dataset, None)
        return
    with store.writing(rehearsal=True) as connection:
        yield Intake(store, dataset, connection)
