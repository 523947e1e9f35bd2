"""Coverage: how many resources there are for the outcomes below each node, and where none is.

A resource counts if it teaches or assesses an outcome; one that only requires it does not help.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, and_, cast, distinct, func, select

from data.catalogue.store import Store
from data.catalogue.tables import alignments, outcomes, resources
from data.records import Relation


class By(StrEnum):
    """What resources are told apart by."""

    LANGUAGE = "language"
    KIND = "kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One node: how many nodes and assignable outcomes are below it, itself among them.

    `empty` of the outcomes have no resource. `resources` holds how many different ones there are
    of each language or kind, None being that of those which state none.
    """

    node: str
    nodes: int
    outcomes: int
    empty: int
    resources: Mapping[str | None, int]

    @property
    def total(self) -> int:
        """How many different resources there are; each has one language and one kind."""
        return sum(self.resources.values())


class Coverage:
    """Counts resources by the tree. What is retired counts nowhere."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def below(self, framework: str, parent: str | None, by: By = By.LANGUAGE) -> list[Covered]:
        """The nodes right below `parent`, or the framework's roots if it is None, in tree order."""
        found: dict[str, Covered] = {}
        for row in self._store.rows(_counted(framework, parent, by)):
            counts = dict(found[row["node"]].resources) if row["node"] in found else {}
            if row["resources"]:
                counts[row["value"]] = row["resources"]
            found[row["node"]] = Covered(
                node=row["node"],
                nodes=row["nodes"],
                outcomes=row["outcomes"],
                empty=row["empty"],
                resources=counts,
            )
        return list(found.values())

    def of_outcomes(self, framework: str) -> dict[str, int]:
        """How many resources each outcome of a framework has; one that has none is left out."""
        served = _served(resources.c.id)
        counted = (
            select(served.c.outcome, func.count(distinct(served.c.resource)).label("resources"))
            .join(outcomes, outcomes.c.id == served.c.outcome)
            .where(outcomes.c.framework == framework, outcomes.c.retired_at.is_(None))
            .group_by(served.c.outcome)
        )
        return {row["outcome"]: row["resources"] for row in self._store.rows(counted)}


def _counted(framework: str, parent: str | None, by: By) -> Select[Any]:
    """A row for each node and each language or kind below it; one without it where none is."""
    below, served = _below(framework, parent), _served(resources.c[by.value])
    totals, counts = _totals(below, served), _counts(below, served)
    return (
        select(totals, counts.c.value, counts.c.resources)
        .join(outcomes, outcomes.c.id == totals.c.node)
        .outerjoin(counts, counts.c.node == totals.c.node)
        .order_by(outcomes.c.position, outcomes.c.id)
    )


def _below(framework: str, parent: str | None) -> CTE:
    """Each head with every node below it, itself among them."""
    live = select(outcomes).where(outcomes.c.retired_at.is_(None)).subquery()
    heads = select(live.c.id.label("head"), live.c.id, live.c.assignable).where(
        live.c.framework == framework, live.c.parent == parent
    )
    below = heads.cte("below", recursive=True)
    deeper = select(below.c.head, live.c.id, live.c.assignable)
    return below.union(deeper.join(live, live.c.parent == below.c.id))


def _served(value: ColumnElement[Any]) -> CTE:
    """Each outcome with each resource that serves it, and the value of this column of it."""
    # Read once and in their order: texts are long, and there are several alignments of each.
    live = (
        select(resources.c.id, value.label("value"))
        .where(resources.c.retired_at.is_(None))
        .cte("live")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(alignments.c.outcome, live.c.id.label("resource"), live.c.value)
        .join(live, live.c.id == alignments.c.resource)
        .where(
            alignments.c.retired_at.is_(None),
            alignments.c.relation != Relation.REQUIRES.value,
        )
        .cte("served")
    )


def _totals(below: CTE, served: CTE) -> CTE:
    is_empty = and_(below.c.assignable, below.c.id.not_in(select(served.c.outcome)))
    return (
        select(
            below.c.head.label("node"),
            func.count().label("nodes"),
            func.sum(cast(below.c.assignable, Integer)).label("outcomes"),
            func.sum(cast(is_empty, Integer)).label("empty"),
        )
        .group_by(below.c.head)
        .cte("totals")
    )


def _counts(below: CTE, served: CTE) -> CTE:
    return (
        select(
            below.c.head.label("node"),
            served.c.value,
            func.count(distinct(served.c.resource)).label("resources"),
        )
        .join(served, served.c.outcome == below.c.id)
        .group_by(below.c.head, served.c.value)
        .cte("counts")
    )
