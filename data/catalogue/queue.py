"""The queue: what is proposed for resources, and in which order curators should decide on it.

It is derived of the catalogue and of one index; rows of an earlier index serve until they are made
anew. A proposal is open until a verdict on its pair stands.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
    tuple_,
    update,
)

from data.catalogue.platforms import datasets_of
from data.catalogue.queued import EVERYTHING, Proposal, Queued, QueueFilter, QueueOrder
from data.catalogue.store import CHUNK, Store, in_chunks, upsert
from data.catalogue.tables import alignments, decisions, resources
from data.catalogue.work_tables import claims, proposals, queue
from data.records import Verdict

UNPLACED = 2**31 - 1  # the last place, until the queue is put in order


class Queue:
    """Fills the queue, keeps it in order, and tells what is next."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def missing(
        self, index: str, limit: int, *, after: str = "", since: int | None = None
    ) -> list[str]:
        """Ids of resources that nothing was proposed for by this index yet, by id.

        Those that come `after` an id, and have changed `since` that revision of the catalogue: what
        is known to be done would be looked at again for every few.
        """
        made = exists().where(queue.c.resource == resources.c.id, queue.c.index == index)
        wanted = select(resources.c.id).where(resources.c.retired_at.is_(None), ~made)
        place: ColumnElement[str] = resources.c.id
        if since is not None:
            # Few have changed: SQLite finds them by their revision where no index has their place.
            place = resources.c.id.concat("")
            wanted = wanted.where(resources.c.revision > since)
        rows = self._store.rows(wanted.where(place > after).order_by(place).limit(limit))
        return [row["id"] for row in rows]

    def put(self, entries: Sequence[Queued]) -> None:
        """Keep what is proposed for these resources instead of what was before."""
        with self._store.writing() as connection:
            sources = _sources(connection, (entry.resource for entry in entries))
            ids = [entry.resource for entry in entries]
            connection.execute(delete(proposals).where(proposals.c.resource.in_(ids)))
            if entries:
                upsert(connection, queue, [_row(entry, sources) for entry in entries])
            lines = [_line(entry, one) for entry in entries for one in entry.proposals]
            if lines:
                connection.execute(proposals.insert(), lines)
            recount(connection, ids)

    def rank(self) -> None:
        """Put the open ones in order: uncertainty × reach × diversity.

        The n-th resource for one and the same outcome teaches an n-th as much. Resources that were
        retired are open no more. Others write meanwhile: what takes as long as the queue is reads.
        """
        value = queue.c.uncertainty * queue.c.reach
        nth = func.row_number().over(
            partition_by=queue.c.outcome, order_by=(value.desc(), queue.c.resource)
        )
        taught = select(queue.c.resource, (value / nth).label("value")).where(queue.c.open > 0)
        ranked = taught.subquery()
        order = func.row_number().over(order_by=(ranked.c.value.desc(), ranked.c.resource))
        placed = select(ranked.c.resource, order.label("place")).subquery()
        with self._store.writing() as connection:
            retired = select(resources.c.id).where(resources.c.retired_at.is_not(None))
            gone = (queue.c.open > 0) & queue.c.resource.in_(retired)
            connection.execute(update(queue).where(gone).values(open=0))
        moved = self._store.stream(
            select(placed.c.resource.label("moved"), placed.c.place.label("to"))
            .join(queue, queue.c.resource == placed.c.resource)
            .where(queue.c.place.is_distinct_from(placed.c.place))  # most stay where they are
        )
        to_place = update(queue).where(queue.c.resource == bindparam("moved"))
        while some := list(islice(moved, CHUNK)):
            with self._store.writing() as connection:
                connection.execute(to_place.values(place=bindparam("to")), list(map(dict, some)))

    def next(
        self,
        curator: str,
        now: float,
        *,
        order: QueueOrder = QueueOrder.TEACHES,
        only: QueueFilter = EVERYTHING,
        after: str | None = None,
    ) -> str | None:
        """The next open resource that no other curator has claimed; None when there is none.

        With `after` it is the one that follows that resource, and at the end the first again.
        """
        taken = exists().where(
            claims.c.resource == queue.c.resource,
            claims.c.curator != curator,
            claims.c.until > now,
        )
        keys = _keys(order)
        there = exists().where(resources.c.id == queue.c.resource, resources.c.retired_at.is_(None))
        wanted = _open(only).with_only_columns(queue.c.resource).where(there, ~taken)
        wanted = wanted.order_by(*keys)
        with self._store.reading() as connection:
            last = None
            if after is not None:
                last = connection.execute(select(*keys).where(queue.c.resource == after)).first()
                wanted = wanted.where(queue.c.resource != after)
            if last is not None:
                later = tuple_(*keys) > tuple_(*map(literal, last))
                if (found := connection.execute(wanted.where(later).limit(1)).scalar()) is not None:
                    return str(found)
            found = connection.execute(wanted.limit(1)).scalar()
            return None if found is None else str(found)

    def proposed(self, resource: str) -> list[Proposal]:
        """What is proposed for a resource and still open, best first."""
        mine = _open_pairs().where(proposals.c.resource == resource)
        rows = self._store.rows(mine.order_by(proposals.c.confidence.desc(), proposals.c.outcome))
        return [
            Proposal(outcome=row["outcome"], confidence=row["confidence"], selected=row["selected"])
            for row in rows
        ]

    def above(
        self, confidence: float, only: QueueFilter = EVERYTHING
    ) -> list[tuple[str, Proposal]]:
        """Resource and open proposal of at least that confidence, the least confident first."""
        wanted = (
            _open_pairs()
            .join(queue, queue.c.resource == proposals.c.resource)
            .where(proposals.c.confidence >= confidence, proposals.c.selected, *_conditions(only))
        )
        ordered = wanted.order_by(proposals.c.confidence, proposals.c.resource, proposals.c.outcome)
        return [
            (
                row["resource"],
                Proposal(outcome=row["outcome"], confidence=row["confidence"], selected=True),
            )
            for row in self._store.rows(ordered)
        ]

    def waiting(self, only: QueueFilter = EVERYTHING) -> int:
        """How many resources are open."""
        return _count(self._store, _open(only).with_only_columns(func.count()))

    def prepared(self, index: str) -> tuple[int, int]:
        """For how many resources this index has proposed something, and of how many."""
        live = select(func.count()).select_from(resources).where(resources.c.retired_at.is_(None))
        done = (
            select(func.count())
            .select_from(queue.join(resources, resources.c.id == queue.c.resource))
            .where(queue.c.index == index, resources.c.retired_at.is_(None))
        )
        return _count(self._store, done), _count(self._store, live)

    def choices(self, platform: str | None = None) -> dict[str, dict[str, int]]:
        """How many are open for each framework, subject, dataset and language: of one or all."""
        only = QueueFilter(platform=platform)
        found = {}
        for column in (queue.c.framework, queue.c.subject, queue.c.dataset, queue.c.language):
            counted = _open(only).with_only_columns(column, func.count().label("n"))
            rows = self._store.rows(counted.where(column.is_not(None)).group_by(column))
            found[column.name] = {row[column.name]: row["n"] for row in rows}
        return found


def recount(connection: Connection, ids: Sequence[str]) -> None:
    """Count anew how many proposals for these resources are open, as after a decision on one."""
    theirs = proposals.c.resource == queue.c.resource
    left = _open_pairs().with_only_columns(func.count()).where(theirs).correlate(queue)
    here = queue.c.resource.in_(ids)
    connection.execute(update(queue).where(here).values(open=left.scalar_subquery()))


def _open_pairs() -> Select[Any]:
    """Proposals whose pair nobody has spoken of: no source states it, and no verdict stands."""
    pair = and_(
        decisions.c.resource == proposals.c.resource, decisions.c.outcome == proposals.c.outcome
    )
    latest = (
        select(decisions.c.verdict)
        .where(pair)
        .order_by(decisions.c.id.desc())
        .limit(1)
        .correlate(proposals)
        .scalar_subquery()
    )
    stated = exists().where(
        alignments.c.resource == proposals.c.resource,
        alignments.c.outcome == proposals.c.outcome,
        alignments.c.retired_at.is_(None),
    )
    undecided = func.coalesce(latest, Verdict.UNDO.value) == Verdict.UNDO.value
    return select(proposals).where(undecided, ~stated)


def _open(only: QueueFilter) -> Select[Any]:
    return select(queue).where(queue.c.open > 0, *_conditions(only))


def _conditions(only: QueueFilter) -> Iterable[ColumnElement[bool]]:
    for name in ("framework", "subject", "dataset", "language"):
        if (wanted := getattr(only, name)) is not None:
            yield queue.c[name] == wanted
    if only.platform is not None:
        yield queue.c.dataset.in_(datasets_of(only.platform))


def _keys(order: QueueOrder) -> tuple[ColumnElement[Any], ...]:
    """What the queue is in order by, all ascending; the last is unique."""
    teaches = (queue.c.place, queue.c.resource)
    return {
        QueueOrder.TEACHES: teaches,
        QueueOrder.CONFIDENCE: (-queue.c.confidence, queue.c.resource),
        QueueOrder.SUBJECT: (func.coalesce(queue.c.subject, ""), *teaches),
        QueueOrder.SOURCE: (queue.c.dataset, *teaches),
    }[order]


def _sources(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Resource → the dataset that brought it."""
    found: dict[str, str] = {}
    for chunk in in_chunks(ids):
        named = select(resources.c.id, resources.c.dataset).where(resources.c.id.in_(chunk))
        found |= {row.id: row.dataset for row in connection.execute(named)}
    return found


def _row(entry: Queued, sources: dict[str, str]) -> dict[str, Any]:
    best = entry.proposals[0] if entry.proposals else None
    return {
        "resource": entry.resource,
        "index": entry.index,
        "outcome": best.outcome if best else "",
        "framework": entry.framework,
        "subject": entry.subject,
        "dataset": sources[entry.resource],
        "language": entry.language,
        "confidence": best.confidence if best else 0.0,
        "uncertainty": entry.uncertainty,
        "reach": entry.reach,
        "place": UNPLACED,
        "open": 0,
    }


def _line(entry: Queued, one: Proposal) -> dict[str, Any]:
    return {
        "resource": entry.resource,
        "outcome": one.outcome,
        "confidence": one.confidence,
        "selected": one.selected,
    }


def _count(store: Store, statement: Select[Any]) -> int:
    (found,) = store.only(statement)
    return int(found)
