"""What each platform has, counted where it lies: a statement for all resources, one for frameworks.

What no platform was assigned, and what was made here, is told under None.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, Integer, RowMapping, Select, cast, func, select

from data.catalogue.platforms import datasets_of
from data.catalogue.store import Store
from data.catalogue.tables import (
    alignments,
    datasets,
    frameworks,
    outcomes,
    resources,
    revision,
)
from data.records import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a platform has: how many resources of each language, kind and licence.

    `aligned` of them teach or assess an outcome. `imported` is when something was taken in last
    (Unix seconds), where that is known.
    """

    datasets: tuple[str, ...] = ()
    frameworks: int = 0
    resources: int = 0
    aligned: int = 0
    languages: Mapping[str | None, int] = field(default_factory=dict)
    kinds: Mapping[str | None, int] = field(default_factory=dict)
    licenses: Mapping[str | None, int] = field(default_factory=dict)
    imported: float | None = None

    @property
    def share(self) -> float | None:
        """Which part of its resources is aligned; None where it has none."""
        return self.aligned / self.resources if self.resources else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A framework: how many outcomes it has, how many have a resource, how many one of `own`.

    `is_own` tells whether the platform itself brought the framework.
    """

    framework: str
    is_own: bool
    outcomes: int
    served: int
    own: int


class Register:
    """Counts by platform. What is retired counts nowhere. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: tuple[object, Sequence[RowMapping]] = (None, ())

    def holdings(self) -> dict[str | None, Holdings]:
        """Platform → what it has, of those that have a dataset; None → what is of no platform."""
        there = self._store.rows(_datasets())
        rows = self._resources({row["name"]: row["platform"] for row in there})
        brought = {row["platform"]: row["frameworks"] for row in self._store.rows(_frameworks())}
        owners = {row["platform"]: None for row in (*there, *rows)}
        return {
            one: _holdings(
                [row for row in rows if row["platform"] == one],
                [row for row in there if row["platform"] == one],
                brought.get(one, 0),
            )
            for one in owners
        }

    def _resources(self, owners: Mapping[str, str | None]) -> Sequence[RowMapping]:
        """The counts of resources, made anew when one of them may have changed."""
        # All resources are read for it, which takes about a second for a hundred thousand.
        changes = self._store.first(select(revision.c.value, revision.c.stated))
        state = (changes, owners)
        before, rows = self._counted
        if before != state:
            rows = self._store.rows(_resources())
            self._counted = (state, rows)
        return rows

    def served(self, platform: str) -> list[Served]:
        """The platform's frameworks, and others that resources of it are aligned to, by id."""
        return [
            Served(
                framework=row["framework"],
                is_own=bool(row["is_own"]),
                outcomes=row["outcomes"],
                served=row["served"],
                own=row["own"],
            )
            for row in self._store.rows(_served(platform))
        ]


def _holdings(rows: Sequence[RowMapping], there: Sequence[RowMapping], brought: int) -> Holdings:
    counts: dict[str, Counter[str | None]] = defaultdict(Counter)
    for row in rows:
        for name in ("language", "kind", "license"):
            counts[name][row[name]] += row["resources"]
    known = [row["imported"] for row in there if row["imported"] is not None]
    return Holdings(
        datasets=tuple(row["name"] for row in there),
        frameworks=brought,
        resources=sum(row["resources"] for row in rows),
        aligned=sum(row["aligned"] for row in rows),
        languages=dict(counts["language"].most_common()),
        kinds=dict(counts["kind"].most_common()),
        licenses=dict(counts["license"].most_common()),
        imported=max(known, default=None),
    )


def _resources() -> Select[Any]:
    """A row for each platform, language, kind and licence."""
    aligned = _aligned()
    what = (datasets.c.platform, resources.c.language, resources.c.kind, resources.c.license)
    return (
        select(
            *what,
            func.count().label("resources"),
            func.count(aligned.c.resource).label("aligned"),
        )
        .select_from(resources)
        .outerjoin(datasets, datasets.c.name == resources.c.dataset)
        .outerjoin(aligned, aligned.c.resource == resources.c.id)
        .where(resources.c.retired_at.is_(None))
        .group_by(*what)
    )


def _aligned() -> CTE:
    stated = (
        select(alignments.c.resource)
        .join(outcomes, outcomes.c.id == alignments.c.outcome)
        .where(outcomes.c.retired_at.is_(None), alignments.c.retired_at.is_(None))
        .where(alignments.c.relation != Relation.REQUIRES.value)
    )
    return stated.distinct().cte("aligned")


def _datasets() -> Select[Any]:
    named = select(datasets.c.name, datasets.c.platform, datasets.c.imported)
    return named.order_by(datasets.c.name)


def _frameworks() -> Select[Any]:
    return (
        select(datasets.c.platform, func.count().label("frameworks"))
        .select_from(frameworks)
        .outerjoin(datasets, datasets.c.name == frameworks.c.dataset)
        .where(frameworks.c.retired_at.is_(None))
        .group_by(datasets.c.platform)
    )


def _served(platform: str) -> Select[Any]:
    """A row for each framework that the platform brought or that a resource of it serves."""
    mine = datasets_of(platform)
    is_mine = frameworks.c.dataset.in_(mine)
    served = _outcomes(select(alignments.c.outcome), "served")
    own = _outcomes(
        select(alignments.c.outcome).where(resources.c.dataset.in_(mine)),
        "own",
    )
    return (
        select(
            outcomes.c.framework,
            func.max(cast(is_mine, Integer)).label("is_own"),
            func.count().label("outcomes"),
            func.count(served.c.outcome).label("served"),
            func.count(own.c.outcome).label("own"),
        )
        .select_from(outcomes)
        .join(frameworks, frameworks.c.id == outcomes.c.framework)
        .outerjoin(served, served.c.outcome == outcomes.c.id)
        .outerjoin(own, own.c.outcome == outcomes.c.id)
        .where(outcomes.c.retired_at.is_(None), outcomes.c.assignable)
        .where(frameworks.c.retired_at.is_(None))
        .group_by(outcomes.c.framework)
        .having((func.count(own.c.outcome) > 0) | (func.max(cast(is_mine, Integer)) > 0))
        .order_by(outcomes.c.framework)
    )


def _outcomes(stated: Select[tuple[str]], name: str) -> CTE:
    """The outcomes that a resource which is not retired teaches or assesses."""
    return (
        stated.join(resources, resources.c.id == alignments.c.resource)
        .where(alignments.c.retired_at.is_(None), resources.c.retired_at.is_(None))
        .where(alignments.c.relation != Relation.REQUIRES.value)
        .distinct()
        .cte(name)
    )
