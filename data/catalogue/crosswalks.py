"""Crosswalks: which lines wait for a curator, and what curators decided on them.

A line waits until somebody has spoken of its pair, in either direction: a source states it, or a
verdict on it stands.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, func, literal, or_, select, tuple_

from data.catalogue.crosswalk_lines import (
    LINES,
    OPEN,
    RANKED,
    between,
    count_open,
    forget,
    put_lines,
    read_line,
)
from data.catalogue.crosswalk_tables import decisions, is_pair, proposals
from data.catalogue.crosswalk_verdicts import add_decision, latest_standing
from data.catalogue.paging import Order, Page, page_of
from data.catalogue.store import Store
from data.catalogue.tables import outcomes
from data.errors import ConflictError, NotFoundError
from data.records import CorrespondenceDecision, Match, ProposedCorrespondence, Verdict

_BEST_FIRST = Order((RANKED.c.best, RANKED.c.outcome, RANKED.c.unsure, RANKED.c.other))
_NEWEST_FIRST = Order((decisions.c.id,), newest_first=True)
_LATER = decisions.alias("later")
_NEWEST_OF_PAIR = (
    select(func.max(_LATER.c.id))
    .where(is_pair(_LATER, decisions.c.outcome, decisions.c.other))
    .scalar_subquery()
)


class Crosswalks:
    """Keeps what is proposed, tells what is next, and adds to the ledger of decisions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def propose(self, lines: Sequence[ProposedCorrespondence]) -> int:
        """Keep these instead of what the same agents proposed for the same two frameworks before.

        For a pair the newest proposal counts, whoever made it. Returns how many of the lines wait
        for a curator. Raises NotFoundError for an outcome that is not in the catalogue.
        """
        with self._store.writing() as connection:
            put_lines(connection, lines)
            return count_open(connection, lines)

    def forget(self, agent: str, framework: str, other: str) -> None:
        """Take back what an agent proposed for two frameworks, whichever is named first."""
        with self._store.writing() as connection:
            forget(connection, agent, framework, other)

    def waiting(self) -> dict[tuple[str, str], int]:
        """The frameworks of outcome and other → how many lines wait, by the frameworks' ids."""
        two = (OPEN.c.framework, OPEN.c.other_framework)
        counted = select(*two, func.count().label("lines")).group_by(*two)
        rows = self._store.rows(counted.order_by(*two))
        return {(row["framework"], row["other_framework"]): row["lines"] for row in rows}

    def count_waiting(self, framework: str, other: str) -> int:
        """How many lines from the one framework to the other wait."""
        counted = select(func.count()).select_from(OPEN).where(between(OPEN, framework, other))
        with self._store.reading() as connection:
            return connection.execute(counted).scalar_one()

    def open(
        self, framework: str, other: str, *, after: str | None = None, limit: int = 50
    ) -> Page[ProposedCorrespondence]:
        """A page of the lines that wait, outcome by outcome, that with the surest line first.

        Raises GatewaysError for a malformed cursor.
        """
        wanted = select(RANKED).where(between(RANKED, framework, other))
        return page_of(self._store, wanted, _BEST_FIRST, read_line, after=after, limit=limit)

    def next(self, framework: str, other: str, after: str | None = None) -> str | None:
        """The outcome with the surest line that waits; None when none does.

        With `after` it is the one that follows that outcome, and at the end the first again.
        """
        best = (-func.max(OPEN.c.confidence)).label("best")
        here = select(best, OPEN.c.outcome).where(between(OPEN, framework, other))
        lines = here.group_by(OPEN.c.outcome).subquery("outcomes_with_lines")
        keys = (lines.c.best, lines.c.outcome)
        wanted = select(*keys).order_by(*keys).limit(1)
        still = select(best).where(between(OPEN, framework, other), OPEN.c.outcome == after)
        ever = select(-func.max(LINES.c.confidence)).where(
            between(LINES, framework, other), LINES.c.outcome == after
        )
        place = select(func.coalesce(still.scalar_subquery(), ever.scalar_subquery()))
        with self._store.reading() as connection:
            last = connection.execute(place).scalar()
            later = tuple_(*keys) > tuple_(literal(last), literal(after))
            found = connection.execute(wanted.where(later)).first() if last is not None else None
            found = found or connection.execute(wanted).first()
            return str(found.outcome) if found else None

    def proposed(self, outcome: str, other_framework: str) -> list[ProposedCorrespondence]:
        """The lines of one outcome to one framework that wait, the surest first."""
        mine = (OPEN.c.outcome == outcome) & (OPEN.c.other_framework == other_framework)
        surest = (OPEN.c.confidence.desc(), OPEN.c.other)
        rows = self._store.rows(select(OPEN).where(mine).order_by(*surest))
        return [read_line(row) for row in rows]

    def proposal(self, outcome: str, other: str) -> ProposedCorrespondence | None:
        """What is proposed for two outcomes, whichever was named first, decided on or not."""
        row = self._store.first(select(proposals).where(is_pair(proposals, outcome, other)))
        return read_line(row) if row else None

    def decided(self, outcome: str, other_framework: str) -> list[CorrespondenceDecision]:
        """The verdicts that stand on one outcome and those of a framework, the newest first."""
        ends = select(outcomes.c.id).where(outcomes.c.framework == other_framework)
        mine = or_(
            (decisions.c.outcome == outcome) & decisions.c.other.in_(ends),
            (decisions.c.other == outcome) & decisions.c.outcome.in_(ends),
        )
        rows = self._store.rows(_standing().where(mine).order_by(decisions.c.id.desc()))
        return [_read(row) for row in rows]

    def decide(self, decision: CorrespondenceDecision) -> CorrespondenceDecision:
        """Write a decision to the disk and return it with its id.

        An acceptance makes a correspondence of the pair, instead of one that was made here before;
        any other verdict takes such a one back. Raises NotFoundError for an unknown or retired
        outcome, ConflictError when there is nothing to undo, and GatewaysError for an outcome that
        is matched with itself or a curator who is named like an edition.
        """
        with self._store.writing(durable=True) as connection:
            return add_decision(connection, decision)

    def undo(self, decision_id: int, curator: str, time: float) -> CorrespondenceDecision:
        """Withdraw that decision, which must be the latest of its pair.

        Raises NotFoundError if there is none of that id, ConflictError if it does not stand.
        """
        with self._store.writing(durable=True) as connection:
            here = select(decisions).where(decisions.c.id == decision_id)
            row = connection.execute(here).mappings().first()
            if row is None:
                raise NotFoundError(f"decision {decision_id} is not in the ledger of crosswalks")
            if latest_standing(connection, row["outcome"], row["other"]) != decision_id:
                raise ConflictError(f"decision {decision_id} does not stand any more")
            return add_decision(
                connection,
                CorrespondenceDecision(
                    outcome=row["outcome"],
                    other=row["other"],
                    match=Match(row["match"]),
                    verdict=Verdict.UNDO,
                    curator=curator,
                    time=time,
                ),
            )

    def last_of(self, curator: str) -> CorrespondenceDecision | None:
        """The newest decision of a curator that stands."""
        mine = _standing().where(decisions.c.curator == curator)
        row = self._store.first(mine.order_by(decisions.c.id.desc()).limit(1))
        return _read(row) if row else None

    def get(self, decision_id: int) -> CorrespondenceDecision | None:
        """The decision of that id."""
        row = self._store.first(select(decisions).where(decisions.c.id == decision_id))
        return _read(row) if row else None

    def standing(self, outcome: str, other: str) -> CorrespondenceDecision | None:
        """The verdict on two outcomes that stands, whichever was named first."""
        row = self._store.first(_standing().where(is_pair(decisions, outcome, other)))
        return _read(row) if row else None

    def page(self, *, after: str | None = None, limit: int = 50) -> Page[CorrespondenceDecision]:
        """A page of decisions, newest first. Raises GatewaysError for a malformed cursor."""
        wanted = select(decisions)
        return page_of(self._store, wanted, _NEWEST_FIRST, _read, after=after, limit=limit)


def _standing() -> Select[Any]:
    """The latest word on each pair, unless it was undone."""
    undone = decisions.c.verdict == Verdict.UNDO.value
    return select(decisions).where(decisions.c.id == _NEWEST_OF_PAIR, ~undone)


def _read(row: RowMapping) -> CorrespondenceDecision:
    return CorrespondenceDecision(
        id=row["id"],
        outcome=row["outcome"],
        other=row["other"],
        match=Match(row["match"]),
        verdict=Verdict(row["verdict"]),
        note=row["note"],
        curator=row["curator"],
        time=row["time"],
    )
