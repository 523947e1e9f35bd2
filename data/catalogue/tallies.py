"""Content in grouped counts: what a public report of all platforms is made of.

What is retired counts nowhere. A resource serves an outcome that it teaches or assesses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from data.catalogue.store import Store
from data.catalogue.tables import alignments, outcomes, resources
from data.downloadable import DOWNLOADABLE
from data.records import Relation

FREE: Final = "isAccessibleForFree"
"""The field of a source (schema.org's) that tells whether a resource costs nothing."""

_TRUE: Final = frozenset({True, "true", "1"})
_FALSE: Final = frozenset({False, "false", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An outcome that a resource may be aligned to."""

    id: str
    framework: str
    title: str
    subject: str | None
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """How many resources of one dataset, language and kind there are for an outcome."""

    outcome: str
    dataset: str
    language: str | None
    kind: str | None
    resources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """How many resources of one dataset are alike in all of this; None is what is not stated."""

    dataset: str
    language: str | None
    kind: str | None
    license: str | None
    downloadable: bool | None
    free: bool | None
    described: bool
    aligned: bool
    resources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """The pairs of resource and outcome of one dataset's resources, and when they were stated.

    `seconds` is the sum of their ages, `recent` how many are of the last year.
    """

    dataset: str
    pairs: int
    seconds: float
    recent: int


class Tallies:
    """Counts resources by what they state and what they serve."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def targets(self) -> list[Target]:
        """Every assignable outcome, by id."""
        of = outcomes.c
        columns = (of.id, of.framework, of.title, of.subject, of.levels)
        assignable = outcomes.c.assignable & outcomes.c.retired_at.is_(None)
        rows = self._store.rows(select(*columns).where(assignable).order_by(outcomes.c.id))
        return [Target(**{**row, "levels": tuple(row["levels"])}) for row in rows]

    def served(self) -> Iterator[Served]:
        """Stream which outcomes there are resources for, of which dataset, language and kind."""
        of = (resources.c.dataset, resources.c.language, resources.c.kind)
        counted = (
            select(
                alignments.c.outcome,
                *of,
                func.count(resources.c.id.distinct()).label("resources"),
            )
            .join(resources, resources.c.id == alignments.c.resource)
            .join(outcomes, outcomes.c.id == alignments.c.outcome)
            .where(_serving(), outcomes.c.assignable)
            .group_by(alignments.c.outcome, *of)
            .order_by(alignments.c.outcome, *of)
        )
        return (Served(**row) for row in self._store.stream(counted))

    def holdings(self) -> list[Holding]:
        """How many resources state what."""
        is_aligned = exists().where(
            and_(
                alignments.c.resource == resources.c.id,
                alignments.c.outcome == outcomes.c.id,
                _stated(),
                outcomes.c.retired_at.is_(None),
            )
        )
        stated = (
            select(
                resources.c.dataset,
                resources.c.language,
                resources.c.kind,
                resources.c.license,
                resources.c.extra[DOWNLOADABLE].as_string().label("downloadable"),
                resources.c.extra[FREE].as_string().label("free"),
                _flag(or_(resources.c.description != "", resources.c.text != "")).label(
                    "described"
                ),
                _flag(is_aligned).label("aligned"),
            )
            .where(resources.c.retired_at.is_(None))
            .subquery()
        )
        counted = select(*stated.c, func.count().label("resources")).group_by(*stated.c)
        return [
            Holding(
                **{
                    **row,
                    "downloadable": _said(row["downloadable"]),
                    "free": _said(row["free"]),
                    "described": bool(row["described"]),
                    "aligned": bool(row["aligned"]),
                }
            )
            for row in self._store.rows(counted)
        ]

    def ages(self, now: float, recent: float) -> list[Age]:
        """How old the alignments of each dataset's resources are; `recent` is in seconds."""
        newest = _newest()
        age = now - newest.c.time
        counted = (
            select(
                resources.c.dataset,
                func.count().label("pairs"),
                func.sum(age).label("seconds"),
                func.sum(_flag(age <= recent)).label("recent"),
            )
            .join(resources, resources.c.id == newest.c.resource)
            .group_by(resources.c.dataset)
            .order_by(resources.c.dataset)
        )
        return [Age(**row) for row in self._store.rows(counted)]


def _newest() -> Any:
    """Each pair once, however many sources state it, with the time of the latest."""
    pair = (alignments.c.resource, alignments.c.outcome)
    stated: Select[Any] = (
        select(*pair, func.max(alignments.c.time).label("time"))
        .join(resources, resources.c.id == alignments.c.resource)
        .join(outcomes, outcomes.c.id == alignments.c.outcome)
        .where(_serving())
        .group_by(*pair)
    )
    return stated.subquery()


def _serving() -> ColumnElement[bool]:
    live = (resources.c.retired_at.is_(None), outcomes.c.retired_at.is_(None))
    return and_(_stated(), *live)


def _stated() -> ColumnElement[bool]:
    is_live = alignments.c.retired_at.is_(None)
    return and_(is_live, alignments.c.relation != Relation.REQUIRES.value)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _said(value: Any) -> bool | None:
    """What a source says; databases write truth in JSON as a word or as a number."""
    return True if value in _TRUE else False if value in _FALSE else None
