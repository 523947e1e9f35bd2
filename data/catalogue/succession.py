"""One outcome follows another in a newer edition, and what is said of the one goes over.

It is the edition's word, never a curator's, and gives way to theirs. What no longer follows is
taken back, so that the same again changes nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from data.catalogue import inherited
from data.catalogue.crosswalk_tables import decisions
from data.catalogue.inherited import DECIDED, Pair, Succession
from data.catalogue.rows import entry_of
from data.catalogue.store import in_chunks, raise_stated, upsert
from data.catalogue.tables import LOCAL, correspondences, outcomes
from data.errors import GatewaysError
from data.records import Correspondence, Match, Provenance, Verdict

AGENT: Final = "edition:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How much was written, and how much of what was carried over before was taken back."""

    lines: int
    alignments: int
    rejections: int
    withdrawn: int


def check_curator(name: str) -> None:
    """Raise GatewaysError for a curator whose word would be taken for an edition's."""
    if name.startswith(AGENT):
        raise GatewaysError(
            f"curator {name!r}: a name that begins with {AGENT!r} is an edition's, not a person's; "
            "choose another"
        )


def agent_of(framework: str) -> str:
    """Who carries over from a framework."""
    return f"{AGENT}{framework}"


def carry(
    connection: Connection, framework: str, newer: str, lines: Sequence[Succession], now: float
) -> Carried:
    """Have `newer` follow `framework` by these lines and, of what was carried over, no others."""
    agent = agent_of(framework)
    refused = _refused(connection, framework, newer)
    allowed = [line for line in lines if frozenset((line.old, line.new)) not in refused]
    wanted = inherited.wanted(connection, agent, allowed, now)
    carried = Carried(
        withdrawn=_withdraw(connection, agent, newer, allowed, now)
        + inherited.withdraw(connection, agent, newer, wanted, now)
        + inherited.withdraw_rejections(connection, agent, newer, allowed, now),
        lines=_state(connection, agent, allowed, now),
        alignments=inherited.write(connection, agent, wanted, now),
        rejections=inherited.write_rejections(connection, agent, allowed, now),
    )
    if any((carried.lines, carried.alignments, carried.withdrawn)):
        raise_stated(connection)
    return carried


def follow(connection: Connection, old: str, new: str, now: float) -> int:
    """Carry over what is aligned to `old`, since a curator said that `new` follows it."""
    return _carry_along(
        connection, Succession(old=old, new=new, why=(DECIDED,), confidence=1.0), now
    )


def unfollow(connection: Connection, old: str, new: str, now: float) -> int:
    """Take back what was carried over from `old` to `new`."""
    return inherited.take_back(connection, agent_of(_framework(connection, old)), old, new, now)


def follow_again(connection: Connection, new: str, now: float) -> None:
    """Carry over to `new` what other lines to it still justify, after one was taken back."""
    table = correspondences
    made_here = (table.c.dataset == LOCAL) & table.c.retired_at.is_(None)
    lines = select(table.c.outcome, table.c.extra).where(
        made_here, table.c.match == Match.SUCCESSOR.value, table.c.other == new
    )
    for row in connection.execute(lines.order_by(table.c.outcome)).all():
        why = (row.extra.get("why", DECIDED),)
        sure = row.extra.get("confidence", 1.0)
        line = Succession(old=row.outcome, new=new, why=why, confidence=sure)
        _carry_along(connection, line, now)


def _carry_along(connection: Connection, line: Succession, now: float) -> int:
    agent = agent_of(_framework(connection, line.old))
    wanted = inherited.wanted(connection, agent, [line], now)
    return inherited.write(connection, agent, wanted, now)


def _refused(connection: Connection, framework: str, newer: str) -> set[frozenset[str]]:
    """Pairs that a curator said no to."""
    one, two = (
        select(outcomes.c.id).where(outcomes.c.framework == name) for name in (framework, newer)
    )
    forth = decisions.c.outcome.in_(one) & decisions.c.other.in_(two)
    back = decisions.c.outcome.in_(two) & decisions.c.other.in_(one)
    columns = select(decisions.c.outcome, decisions.c.other, decisions.c.verdict)
    rows = connection.execute(columns.where(forth | back).order_by(decisions.c.id))
    last = {frozenset((row.outcome, row.other)): row.verdict for row in rows}
    return {pair for pair, verdict in last.items() if verdict == Verdict.REJECT.value}


def _state(connection: Connection, agent: str, lines: Iterable[Succession], now: float) -> int:
    """Write those lines that nobody states yet."""
    table = correspondences
    wanted = {(line.old, line.new): line for line in lines}
    said = (table.c.match == Match.SUCCESSOR.value) | (table.c.dataset == LOCAL)
    live = select(table.c.outcome, table.c.other).where(table.c.retired_at.is_(None), said)
    for chunk in in_chunks(old for old, _ in list(wanted)):
        for row in connection.execute(live.where(table.c.outcome.in_(chunk))):
            wanted.pop((row.outcome, row.other), None)
    rows = [entry_of(_line(agent, line, now), LOCAL).values for line in wanted.values()]
    if rows:
        upsert(connection, table, rows)
    return len(rows)


def _withdraw(
    connection: Connection, agent: str, newer: str, lines: Iterable[Succession], now: float
) -> int:
    """Take back the lines that were stated before and do not hold any more."""
    table = correspondences
    kept: Collection[Pair] = {(line.old, line.new) for line in lines}
    inside = table.c.other.in_(select(outcomes.c.id).where(outcomes.c.framework == newer))
    made_here = (table.c.dataset == LOCAL) & (table.c.agent == agent)
    live = select(table.c.outcome, table.c.other).where(made_here, inside)
    gone = [
        tuple(row)
        for row in connection.execute(live.where(table.c.retired_at.is_(None))).all()
        if tuple(row) not in kept
    ]
    for outcome, other in gone:
        here = made_here & (table.c.outcome == outcome) & (table.c.other == other)
        connection.execute(table.update().where(here).values(retired_at=now))
    return len(gone)


def _framework(connection: Connection, outcome: str) -> str:
    named = select(outcomes.c.framework).where(outcomes.c.id == outcome)
    return str(connection.execute(named).scalar_one())


def _line(agent: str, line: Succession, now: float) -> Correspondence:
    return Correspondence(
        outcome=line.old,
        other=line.new,
        match=Match.SUCCESSOR,
        provenance=Provenance(agent=agent, time=now),
        extra=dict(line.told),
    )
