"""Correspondences: what outcomes of different frameworks have to do with each other."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, func, or_, select

from data.catalogue.paging import Order, Page, page_of
from data.catalogue.rows import correspondence_of
from data.catalogue.store import Store, in_chunks
from data.catalogue.tables import LOCAL, correspondences, outcomes
from data.records import Correspondence

_OTHERS = outcomes.alias("others")
_KEYS = (correspondences.c.outcome, correspondences.c.other, correspondences.c.match)
_IN_TREE_ORDER = Order((outcomes.c.position, *_KEYS))


class Correspondences:
    """Reads those between outcomes of which neither is retired.

    Where several sources state the same, the curators' word comes out, else the first by name.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def live(self) -> Iterator[Correspondence]:
        """Stream all, by outcome, other and match."""
        return _once(self._store.stream(_live()))

    def of_outcome(self, outcome_id: str) -> list[Correspondence]:
        """Those that start or end at one outcome."""
        ends = or_(correspondences.c.outcome == outcome_id, correspondences.c.other == outcome_id)
        return list(_once(self._store.rows(_live().where(ends))))

    def of_outcomes(self, ids: Iterable[str]) -> list[Correspondence]:
        """Those that start or end at any of several outcomes."""
        found: dict[tuple[str, str, str], Correspondence] = {}
        for chunk in in_chunks(ids):
            ends = or_(correspondences.c.outcome.in_(chunk), correspondences.c.other.in_(chunk))
            for one in _once(self._store.rows(_live().where(ends))):
                found[one.outcome, one.other, one.match.value] = one
        return list(found.values())

    def of_framework(self, framework_id: str) -> Iterator[Correspondence]:
        """Stream those that start in one framework."""
        return _once(self._store.stream(_live().where(outcomes.c.framework == framework_id)))

    def between(self, framework: str, other: str) -> Iterator[Correspondence]:
        """Stream those that lead from one framework to the other."""
        return _once(self._store.stream(_live().where(_leads(framework, other))))

    def page(
        self, framework: str, other: str, *, after: str | None = None, limit: int = 50
    ) -> Page[Correspondence]:
        """A page of the same in the order of the tree. Raises GatewaysError for a bad cursor."""
        wanted = _first().add_columns(outcomes.c.position).where(_leads(framework, other))
        return page_of(
            self._store, wanted, _IN_TREE_ORDER, correspondence_of, after=after, limit=limit
        )

    def counts(self) -> dict[tuple[str, str], int]:
        """The frameworks of outcome and other → how many lead from the one to the other."""
        two = (outcomes.c.framework, _OTHERS.c.framework.label("other_framework"))
        counted = _first().with_only_columns(*two, func.count().label("lines")).group_by(*two)
        rows = self._store.rows(counted)
        return {(row["framework"], row["other_framework"]): row["lines"] for row in rows}

    def decided(self) -> dict[str, float]:
        """Framework → when curators last changed a line that starts in it (Unix seconds)."""
        last = func.max(correspondences.c.time), func.max(correspondences.c.retired_at)
        of_curators = (
            select(outcomes.c.framework, *(one.label(f"last_{n}") for n, one in enumerate(last)))
            .join(outcomes, outcomes.c.id == correspondences.c.outcome)
            .where(correspondences.c.dataset == LOCAL)
            .group_by(outcomes.c.framework)
        )
        return {
            row["framework"]: max(row["last_0"], row["last_1"] or 0.0)
            for row in self._store.rows(of_curators)
        }


def _leads(framework: str, other: str) -> ColumnElement[bool]:
    return and_(outcomes.c.framework == framework, _OTHERS.c.framework == other)


def _first() -> Select[Any]:
    """Those of the first source by name, where several state the same."""
    earlier = correspondences.alias("earlier")
    same = [earlier.c[key.name] == key for key in _KEYS]
    stated_before = exists().where(
        *same, earlier.c.dataset < correspondences.c.dataset, earlier.c.retired_at.is_(None)
    )
    return _joined().where(~stated_before)


def between(framework: str, other: str) -> Select[Any]:
    """Those that lead from one of two frameworks to the other, all sources'."""
    there = select(outcomes.c.id)
    ours, theirs = (there.where(outcomes.c.framework == name) for name in (framework, other))
    ends = (correspondences.c.outcome, correspondences.c.other)
    forth = ends[0].in_(ours) & ends[1].in_(theirs)
    back = ends[0].in_(theirs) & ends[1].in_(ours)
    return _live().where(or_(forth, back))


def _live() -> Select[Any]:
    return _joined().order_by(*_KEYS, correspondences.c.dataset)


def _joined() -> Select[Any]:
    both = correspondences.join(outcomes, outcomes.c.id == correspondences.c.outcome).join(
        _OTHERS, _OTHERS.c.id == correspondences.c.other
    )
    return (
        select(correspondences)
        .select_from(both)
        .where(correspondences.c.retired_at.is_(None))
        .where(outcomes.c.retired_at.is_(None), _OTHERS.c.retired_at.is_(None))
    )


def _once(rows: Iterable[RowMapping]) -> Iterator[Correspondence]:
    last = None
    for row in rows:
        key = (row["outcome"], row["other"], row["match"])
        if key != last:
            yield correspondence_of(row)
        last = key
