"""Alignments and rejections that an outcome has from the one before it, inside a transaction.

Where a curator has spoken of a resource and the new outcome, nothing is added to that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, func, select

from data.catalogue import queue
from data.catalogue.alignments import aligned_to
from data.catalogue.changes import note_change
from data.catalogue.rows import entry_of
from data.catalogue.store import in_chunks, upsert
from data.catalogue.tables import LOCAL, alignments, decisions, outcomes, resources
from data.catalogue.verdicts import add_decision
from data.records import Alignment, Decision, Provenance, RejectionReason, Relation, Verdict

FROM: Final = "from"
"""Which outcome an alignment was carried over from, in its `extra`."""

DECIDED: Final = "decided"
"""Why an outcome follows another of which a curator said so."""

Pair = tuple[str, str]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """`new` follows `old`: why, how sure that is, and whether it says the same."""

    old: str
    new: str
    why: tuple[str, ...]
    confidence: float
    same_text: bool = False

    @property
    def told(self) -> Mapping[str, str | float]:
        """What is kept of it beside what follows from it."""
        return {"why": ", ".join(self.why), "confidence": round(self.confidence, 4)}


def wanted(
    connection: Connection, agent: str, lines: Collection[Succession], now: float
) -> dict[Key, Alignment]:
    """What is to be aligned to the new ones, by resource, outcome and relation.

    That is what is aligned to the old ones, save pairs on which a verdict of somebody else stands.
    """
    before = _by_old(connection, lines)
    found = [(one, line) for one in aligned_to(connection, before) for line in before[one.outcome]]
    decided = {
        (row["resource"], row["outcome"])
        for row in _latest(connection, {line.new for _, line in found})
        if row["verdict"] != Verdict.UNDO.value and row["curator"] != agent
    }
    return {
        (one.resource, line.new, one.relation.value): _alignment(agent, one, line, now)
        for one, line in found
        if one.relation is not Relation.TEACHES or (one.resource, line.new) not in decided
    }


def write(
    connection: Connection, agent: str, alignments_: Mapping[Key, Alignment], now: float
) -> int:
    """Write those that nobody states yet; how many that are.

    A rejection that was carried over gives way.
    """
    news = {outcome for _, outcome, _ in alignments_}
    for row in _said_no(connection, agent, news):
        if (row["resource"], row["outcome"], Relation.TEACHES.value) in alignments_:
            add_decision(connection, _undoing(row, now))
    there = aligned_to(connection, news)
    known = {(one.resource, one.outcome, one.relation.value) for one in there}
    rows = [entry_of(one, LOCAL).values for key, one in alignments_.items() if key not in known]
    if rows:
        upsert(connection, alignments, rows)
    _note(connection, (row["resource"] for row in rows))
    return len(rows)


def withdraw(
    connection: Connection, agent: str, newer: str, kept: Collection[Key], now: float
) -> int:
    """Take back what was carried over to a framework before, besides those kept."""
    inside = alignments.c.outcome.in_(select(outcomes.c.id).where(outcomes.c.framework == newer))
    rows = connection.execute(_made_by(agent).where(inside)).mappings().all()
    return _retire(connection, [row for row in rows if _key(row) not in kept], now)


def take_back(connection: Connection, agent: str, old: str, new: str, now: float) -> int:
    """Take back what was carried over from one outcome to another."""
    rows = connection.execute(_made_by(agent).where(alignments.c.outcome == new)).mappings().all()
    return _retire(connection, [row for row in rows if row["extra"].get(FROM) == old], now)


def write_rejections(
    connection: Connection, agent: str, lines: Collection[Succession], now: float
) -> int:
    """Say no again where the text is the same and nothing was said of the new pair."""
    rejected = _to_reject(connection, lines)
    news = {line.new for _, line in rejected}
    taken = {(one.resource, one.outcome) for one in aligned_to(connection, news)}
    taken |= {
        (row["resource"], row["outcome"])
        for row in _latest(connection, news)
        if row["verdict"] != Verdict.UNDO.value or row["curator"] != agent
    }
    count = 0
    for row, line in rejected:
        if (row["resource"], line.new) not in taken:
            add_decision(connection, _rejection(agent, row, line, now))
            taken.add((row["resource"], line.new))
            count += 1
    return count


def withdraw_rejections(
    connection: Connection, agent: str, newer: str, lines: Collection[Succession], now: float
) -> int:
    """Take back rejections that were carried over to a framework and follow from none any more."""
    inside = select(outcomes.c.id).where(outcomes.c.framework == newer)
    kept = {(row["resource"], line.new) for row, line in _to_reject(connection, lines)}
    said = _said_no(connection, agent, connection.execute(inside).scalars().all())
    gone = [row for row in said if (row["resource"], row["outcome"]) not in kept]
    for row in gone:
        add_decision(connection, _undoing(row, now))
    return len(gone)


def _by_old(connection: Connection, lines: Collection[Succession]) -> dict[str, list[Succession]]:
    """Old outcome → the lines from it to what a resource can be aligned to."""
    can_be: set[str] = set()
    for chunk in in_chunks(line.new for line in lines):
        live = outcomes.c.assignable & outcomes.c.retired_at.is_(None) & outcomes.c.id.in_(chunk)
        can_be.update(connection.execute(select(outcomes.c.id).where(live)).scalars())
    found: dict[str, list[Succession]] = {}
    for line in lines:
        if line.new in can_be:
            found.setdefault(line.old, []).append(line)
    return found


def _made_by(agent: str) -> Select[Any]:
    return select(alignments).where(
        alignments.c.dataset == LOCAL,
        alignments.c.agent == agent,
        alignments.c.retired_at.is_(None),
    )


def _to_reject(
    connection: Connection, lines: Collection[Succession]
) -> list[tuple[RowMapping, Succession]]:
    """Rejections that stand, each with a line to an outcome that says the same."""
    before = _by_old(connection, [line for line in lines if line.same_text])
    rows = _rejections(connection, before)
    return [(row, line) for row in rows for line in before[row["outcome"]]]


def _said_no(connection: Connection, agent: str, news: Collection[str]) -> list[RowMapping]:
    """Rejections of these outcomes that stand and were carried over."""
    no = Verdict.REJECT.value
    rows = _latest(connection, news)
    return [row for row in rows if row["curator"] == agent and row["verdict"] == no]


def _rejections(connection: Connection, olds: Collection[str]) -> Iterator[RowMapping]:
    """Rejections that stand, of resources that are still there."""
    rows = [row for row in _latest(connection, olds) if row["verdict"] == Verdict.REJECT.value]
    there: set[str] = set()
    for chunk in in_chunks(row["resource"] for row in rows):
        live = resources.c.retired_at.is_(None) & resources.c.id.in_(chunk)
        there.update(connection.execute(select(resources.c.id).where(live)).scalars())
    return (row for row in rows if row["resource"] in there)


def _latest(connection: Connection, ids: Collection[str]) -> Iterator[RowMapping]:
    """The last decision on each pair of these outcomes."""
    newest = select(func.max(decisions.c.id)).group_by(decisions.c.resource, decisions.c.outcome)
    for chunk in in_chunks(ids):
        here = newest.where(decisions.c.outcome.in_(chunk))
        rows = select(decisions).where(decisions.c.id.in_(here)).order_by(decisions.c.id)
        yield from connection.execute(rows).mappings().all()


def _retire(connection: Connection, rows: Sequence[RowMapping], now: float) -> int:
    for row in rows:
        here = [column == row[column.name] for column in alignments.primary_key]
        connection.execute(alignments.update().where(*here).values(retired_at=now))
    _note(connection, (row["resource"] for row in rows))
    return len(rows)


def _note(connection: Connection, resource_ids: Iterable[str]) -> None:
    """Have harvesters and the queue know that what these are aligned to has changed."""
    for chunk in in_chunks(resource_ids):
        note_change(connection, chunk)
        queue.recount(connection, chunk)


def _key(row: RowMapping) -> Key:
    return row["resource"], row["outcome"], row["relation"]


def _alignment(agent: str, one: Alignment, line: Succession, now: float) -> Alignment:
    said_by = {"said_by": one.provenance.agent} if one.provenance else {}
    return Alignment(
        resource=one.resource,
        outcome=line.new,
        relation=one.relation,
        split=one.split,
        provenance=Provenance(agent=agent, time=now),
        extra={FROM: line.old, **line.told, **said_by},
    )


def _rejection(agent: str, row: RowMapping, line: Succession, now: float) -> Decision:
    return Decision(
        resource=row["resource"],
        outcome=line.new,
        verdict=Verdict.REJECT,
        reason=RejectionReason(row["reason"]) if row["reason"] else None,
        note=f"as for {line.old}, which says the same",
        curator=agent,
        time=now,
    )


def _undoing(row: RowMapping, now: float) -> Decision:
    return Decision(
        resource=row["resource"],
        outcome=row["outcome"],
        verdict=Verdict.UNDO,
        curator=row["curator"],
        time=now,
    )
