"""The ledger: curators' decisions, which are only ever added to."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from data.catalogue import showings
from data.catalogue.paging import Order, Page, page_of
from data.catalogue.store import Store
from data.catalogue.succession import check_curator
from data.catalogue.tables import decisions, outcomes, resources
from data.catalogue.tables import showings as showings_table
from data.catalogue.verdicts import add_decision, latest_standing
from data.errors import ConflictError, NotFoundError
from data.records import Decision, RejectionReason, Showing, Verdict

_LATER = decisions.alias("later")
_NEWEST_OF_PAIR = (
    select(func.max(_LATER.c.id))
    .where(_LATER.c.resource == decisions.c.resource, _LATER.c.outcome == decisions.c.outcome)
    .scalar_subquery()
)
_NEWEST_FIRST = Order((decisions.c.id,), newest_first=True)


class Ledger:
    """Adds decisions and tells which stand: the latest of a pair, unless it was undone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record_showings(self, shown: Iterable[Showing]) -> None:
        """Keep what is about to be shown, all or none; the same id again changes nothing."""
        with self._store.writing() as connection:
            showings.keep(connection, shown)

    def showing(self, showing_id: str) -> Showing | None:
        """What was shown under that id."""
        columns = (column.label(name) for name, column in showings.COLUMNS.items())
        row = self._store.first(select(*columns).where(showings_table.c.id == showing_id))
        return showings.showing_of(row) if row else None

    def decide(self, decision: Decision) -> Decision:
        """Write a decision to the disk and return it with its id.

        The framework's fingerprint is taken from what was shown, or from the catalogue. Raises
        NotFoundError for an unknown or retired resource or outcome, ConflictError when there is
        nothing to undo, and GatewaysError for a heading, a reason that is out of place, or a
        curator who is named like an edition.
        """
        with self._store.writing(durable=True) as connection:
            return _add(connection, decision)

    def decide_all(self, many: Sequence[Decision]) -> list[Decision]:
        """Write many decisions, all or none. Raises what `decide` raises for any of them."""
        with self._store.writing(durable=True) as connection:
            return [_add(connection, decision) for decision in many]

    def undo(self, decision_id: int, curator: str, time: float) -> Decision:
        """Withdraw that decision, which must be the latest of its pair.

        Raises NotFoundError if there is none of that id, ConflictError if it does not stand.
        """
        with self._store.writing(durable=True) as connection:
            undone = connection.execute(_select().where(decisions.c.id == decision_id))
            row = undone.mappings().first()
            if row is None:
                raise NotFoundError(f"decision {decision_id} is not in the ledger")
            if latest_standing(connection, row["resource"], row["outcome"]) != decision_id:
                raise ConflictError(f"decision {decision_id} does not stand any more")
            return _add(connection, _undoing(row, curator, time))

    def undo_batch(self, batch: str, curator: str, time: float) -> int:
        """Withdraw what stands yet of the decisions made at once; how many that were.

        Raises NotFoundError if there is no such batch.
        """
        with self._store.writing(durable=True) as connection:
            made = connection.execute(_select().where(decisions.c.batch == batch)).mappings().all()
            if not made:
                raise NotFoundError(f"batch {batch!r} is not in the ledger")
            standing = [row for row in made if _stands(connection, row)]
            for row in standing:
                _add(connection, _undoing(row, curator, time))
            return len(standing)

    def batch(self, batch: str) -> int:
        """How many of the decisions that were made at once stand yet."""
        standing = (decisions.c.batch == batch) & (decisions.c.id == _NEWEST_OF_PAIR)
        with self._store.reading() as connection:
            counted = select(func.count()).select_from(decisions).where(standing)
            return int(connection.execute(counted).scalar_one())

    def resources_of_batch(self, batch: str) -> list[str]:
        """The ids of the resources that were decided on at once."""
        made = select(decisions.c.resource).where(decisions.c.batch == batch).distinct()
        return [row["resource"] for row in self._store.rows(made)]

    def last_of(self, curator: str) -> Decision | None:
        """The newest decision of a curator that stands and was not made with many at once."""
        mine = _select().where(
            decisions.c.curator == curator,
            decisions.c.verdict != Verdict.UNDO.value,
            decisions.c.batch.is_(None),
            decisions.c.id == _NEWEST_OF_PAIR,
        )
        row = self._store.first(mine.order_by(decisions.c.id.desc()).limit(1))
        return _read(row) if row else None

    def made_since(self, curator: str, time: float) -> int:
        """How many decisions of a curator since then were not undone."""
        mine = (decisions.c.curator == curator) & (decisions.c.time >= time)
        verdicts = select(
            func.count().filter(decisions.c.verdict != Verdict.UNDO.value),
            func.count().filter(decisions.c.verdict == Verdict.UNDO.value),
        )
        with self._store.reading() as connection:
            made, undone = connection.execute(verdicts.where(mine)).one()
        return max(0, int(made) - int(undone))

    def get(self, decision_id: int) -> Decision | None:
        """The decision of that id."""
        row = self._store.first(_select().where(decisions.c.id == decision_id))
        return _read(row) if row else None

    def standing(self, resource_id: str) -> dict[str, Decision]:
        """Outcome → the verdict on it that stands, for one resource."""
        rows = self._store.rows(_select().where(decisions.c.id.in_(_latest_ids(resource_id))))
        found = [_read(row) for row in rows]
        return {one.outcome: one for one in found if one.verdict is not Verdict.UNDO}

    def rejected(self, resource_id: str) -> frozenset[str]:
        """The outcomes whose rejection stands, for one resource."""
        statement = select(decisions.c.outcome).where(
            decisions.c.id.in_(_latest_ids(resource_id)),
            decisions.c.verdict == Verdict.REJECT.value,
        )
        return frozenset(row["outcome"] for row in self._store.rows(statement))

    def rejections(self, outcome_id: str | None = None) -> frozenset[tuple[str, str]]:
        """The pairs of resource and outcome whose rejection stands; of one outcome if named."""
        statement = select(decisions.c.resource, decisions.c.outcome).where(
            decisions.c.verdict == Verdict.REJECT.value, decisions.c.id == _NEWEST_OF_PAIR
        )
        if outcome_id is not None:
            statement = statement.where(decisions.c.outcome == outcome_id)
        return frozenset((row["resource"], row["outcome"]) for row in self._store.rows(statement))

    def all(self) -> Iterator[Decision]:
        """Stream every decision, undone ones too, in their order."""
        return map(_read, self._store.stream(_select().order_by(decisions.c.id)))

    def all_standing(self) -> Iterator[Decision]:
        """Stream the verdict that stands on each pair of which neither is retired."""
        return map(_read, self._store.stream(what_stands(_select()).order_by(decisions.c.id)))

    def page(
        self, after: str | None = None, limit: int = 50, resource: str | None = None
    ) -> Page[Decision]:
        """A page of decisions, newest first. Raises GatewaysError for a malformed cursor."""
        statement = _select()
        if resource is not None:
            statement = statement.where(decisions.c.resource == resource)
        return page_of(self._store, statement, _NEWEST_FIRST, _read, after=after, limit=limit)


def what_stands(chosen: Select[Any]) -> Select[Any]:
    """Of the chosen decisions those that stand, on pairs of which neither is retired."""
    latest = select(func.max(decisions.c.id)).group_by(decisions.c.resource, decisions.c.outcome)
    return (
        chosen.join(resources, resources.c.id == decisions.c.resource)
        .join(outcomes, outcomes.c.id == decisions.c.outcome)
        .where(resources.c.retired_at.is_(None), outcomes.c.retired_at.is_(None))
        .where(decisions.c.id.in_(latest), decisions.c.verdict != Verdict.UNDO.value)
    )


def _add(connection: Connection, decision: Decision) -> Decision:
    check_curator(decision.curator)
    return add_decision(connection, decision)


def _stands(connection: Connection, row: RowMapping) -> bool:
    return bool(latest_standing(connection, row["resource"], row["outcome"]) == row["id"])


def _undoing(row: RowMapping, curator: str, time: float) -> Decision:
    return Decision(
        resource=row["resource"],
        outcome=row["outcome"],
        verdict=Verdict.UNDO,
        curator=curator,
        time=time,
    )


def _latest_ids(resource_id: str) -> Select[Any]:
    return (
        select(func.max(decisions.c.id))
        .where(decisions.c.resource == resource_id)
        .group_by(decisions.c.outcome)
    )


def _select() -> Select[Any]:
    shown = [column.label(name) for name, column in showings.COLUMNS.items()]
    joined = decisions.outerjoin(showings_table, showings_table.c.id == decisions.c.showing)
    return select(decisions, *shown).select_from(joined)


def _read(row: RowMapping) -> Decision:
    return Decision(
        id=row["id"],
        resource=row["resource"],
        outcome=row["outcome"],
        verdict=Verdict(row["verdict"]),
        reason=RejectionReason(row["reason"]) if row["reason"] else None,
        note=row["note"],
        curator=row["curator"],
        time=row["time"],
        showing=showings.showing_of(row),
        framework_fingerprint=row["framework_fingerprint"],
        batch=row["batch"],
    )
