"""Datasets and the frameworks that came with them."""

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable

from sqlalchemy import Column, Connection, Select, func, select

from data.catalogue.rows import record_of
from data.catalogue.store import Store
from data.catalogue.tables import (
    alignments,
    correspondences,
    datasets,
    frameworks,
    interactions,
    outcomes,
    prerequisites,
    resources,
)
from data.records import Dataset, Framework

FINGERPRINT_LENGTH = 16
_OF_DATASETS = (
    frameworks,
    outcomes,
    resources,
    alignments,
    prerequisites,
    correspondences,
    interactions,
)


class Datasets:
    """Where the rows of the catalogue came from."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Dataset]:
        """Every dataset that was imported, by name."""
        rows = self._store.rows(select(datasets).order_by(datasets.c.name))
        return [record_of(Dataset, row) for row in rows]

    def get(self, name: str) -> Dataset | None:
        """The dataset of that name."""
        row = self._store.first(select(datasets).where(datasets.c.name == name))
        return record_of(Dataset, row) if row else None

    def imported(self) -> dict[str, float]:
        """When each was imported last (Unix seconds), of those of which that is known."""
        known = select(datasets.c.name, datasets.c.imported).where(datasets.c.imported.is_not(None))
        return {row["name"]: row["imported"] for row in self._store.rows(known)}

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each kind that are not retired came from each dataset."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for table in _OF_DATASETS:
            rows = select(table.c.dataset, func.count().label("rows")).group_by(table.c.dataset)
            for row in self._store.rows(rows.where(table.c.retired_at.is_(None))):
                found[row["dataset"]][table.name] = int(row["rows"])
        return dict(found)


class Frameworks:
    """Curricula, each with the fingerprint of its outcomes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Framework]:
        """Every framework that is not retired, by id."""
        live = select(frameworks).where(frameworks.c.retired_at.is_(None))
        rows = self._store.rows(live.order_by(frameworks.c.id))
        return [record_of(Framework, row) for row in rows]

    def by_id(self) -> dict[str, Framework]:
        """Id → framework, of the same."""
        return {found.id: found for found in self.all()}

    def get(self, framework_id: str) -> Framework | None:
        """The framework of that id, retired or not."""
        row = self._store.first(select(frameworks).where(frameworks.c.id == framework_id))
        return record_of(Framework, row) if row else None


def put_framework(connection: Connection, framework: Framework) -> None:
    """Write a framework if it is new or differs; one that another dataset brought stays."""
    here = frameworks.c.id == framework.id
    row = connection.execute(select(frameworks).where(here)).mappings().first()
    said = {
        "dataset": framework.dataset,
        "title": framework.title,
        "language": framework.language,
        "retired_at": None,
    }
    if row is None:
        connection.execute(frameworks.insert(), said | {"id": framework.id, "fingerprint": ""})
        return
    free = row["dataset"] == framework.dataset or row["retired_at"] is not None
    if free and any(row[name] != value for name, value in said.items()):
        connection.execute(frameworks.update().where(here).values(said))


def retire_frameworks(
    connection: Connection, dataset: str, named: Container[str], now: float
) -> None:
    """Retire the dataset's frameworks that it no longer names and that have no outcome left."""
    live = frameworks.c.retired_at.is_(None) & (frameworks.c.dataset == dataset)
    without = ~frameworks.c.id.in_(_live_outcomes(outcomes.c.framework))
    for (id_,) in connection.execute(select(frameworks.c.id).where(live, without)).all():
        if id_ not in named:
            here = frameworks.c.id == id_
            connection.execute(frameworks.update().where(here).values(retired_at=now))


def refresh_fingerprints(connection: Connection, dataset: str) -> None:
    """Stamp each framework of the dataset, or with outcomes of it, with its present state."""
    touched = frameworks.c.id.in_(select(outcomes.c.framework).where(outcomes.c.dataset == dataset))
    stamped = select(frameworks.c.id, frameworks.c.fingerprint).where(
        touched | (frameworks.c.dataset == dataset)
    )
    for id_, fingerprint in connection.execute(stamped).all():
        digests = _live_outcomes(outcomes.c.digest).where(outcomes.c.framework == id_)
        now = _fingerprint(connection.execute(digests).scalars())
        if now != fingerprint:
            here = frameworks.c.id == id_
            connection.execute(frameworks.update().where(here).values(fingerprint=now))


def empty_frameworks(connection: Connection, ids: Iterable[str]) -> list[str]:
    """Those that have no outcome which a resource can be aligned to."""
    assignable = _live_outcomes(outcomes.c.id).where(outcomes.c.assignable)
    return [
        id_
        for id_ in ids
        if connection.execute(assignable.where(outcomes.c.framework == id_).limit(1)).first()
        is None
    ]


def _live_outcomes(column: Column[str]) -> Select[str]:
    return select(column).where(outcomes.c.retired_at.is_(None))


def _fingerprint(digests: Iterable[str]) -> str:
    # Sorted here, since two databases may order texts differently.
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()[:FINGERPRINT_LENGTH]
