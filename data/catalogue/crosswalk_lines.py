"""What is proposed for crosswalks, and which of it nobody has spoken of yet."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
)

from data.catalogue.crosswalk_tables import decisions, is_pair, proposals
from data.catalogue.store import in_chunks
from data.catalogue.tables import correspondences, outcomes
from data.errors import NotFoundError
from data.records import Match, ProposedCorrespondence, Verdict

_HERE, _THERE = outcomes.alias("here"), outcomes.alias("there")
LINES = (
    select(
        proposals,
        _HERE.c.framework.label("framework"),
        _THERE.c.framework.label("other_framework"),
    )
    .select_from(
        proposals.join(_HERE, _HERE.c.id == proposals.c.outcome).join(
            _THERE, _THERE.c.id == proposals.c.other
        )
    )
    .where(_HERE.c.retired_at.is_(None), _THERE.c.retired_at.is_(None))
    .subquery("lines")
)
"""Every line between outcomes that are not retired, with the frameworks of the two."""

_LATEST = (
    select(decisions.c.verdict)
    .where(is_pair(decisions, LINES.c.outcome, LINES.c.other))
    .order_by(decisions.c.id.desc())
    .limit(1)
    .correlate(LINES)
    .scalar_subquery()
)
_STATED = exists().where(
    is_pair(correspondences, LINES.c.outcome, LINES.c.other),
    correspondences.c.retired_at.is_(None),
)
OPEN = (
    select(LINES)
    .where(func.coalesce(_LATEST, Verdict.UNDO.value) == Verdict.UNDO.value, ~_STATED)
    .subquery("open_lines")
)
"""Those whose pair nobody has spoken of: no source states it, and no verdict on it stands."""

_BEST = func.max(OPEN.c.confidence).over(
    partition_by=(OPEN.c.framework, OPEN.c.other_framework, OPEN.c.outcome)
)
RANKED = (
    # Turned round, so that the surest comes first in ascending order.
    select(OPEN, (-_BEST).label("best"), (-OPEN.c.confidence).label("unsure")).subquery("ranked")
)
"""The same with the surest line of each outcome; ranking takes longer than counting."""


def between(lines: FromClause, framework: str, other: str) -> ColumnElement[bool]:
    """Whether a line leads from the one framework to the other."""
    return (lines.c.framework == framework) & (lines.c.other_framework == other)


def read_line(row: RowMapping) -> ProposedCorrespondence:
    """The record of a row."""
    return ProposedCorrespondence(
        outcome=row["outcome"],
        other=row["other"],
        match=Match(row["match"]),
        confidence=row["confidence"],
        agent=row["agent"],
        model=row["model"],
        time=row["time"],
    )


def put_lines(connection: Connection, lines: Sequence[ProposedCorrespondence]) -> None:
    """Write lines, each instead of what was proposed for its pair before.

    Raises NotFoundError for an outcome that is not in the catalogue.
    """
    frameworks = _frameworks(connection, lines)
    for agent, framework, other in {
        (line.agent, frameworks[line.outcome], frameworks[line.other]) for line in lines
    }:
        forget(connection, agent, framework, other)
    newest = {frozenset((line.outcome, line.other)): line for line in lines}
    if newest:
        pair = is_pair(proposals, bindparam("one"), bindparam("two"))
        rows = [_row(line) for line in newest.values()]
        pairs = [{"one": row["outcome"], "two": row["other"]} for row in rows]
        connection.execute(delete(proposals).where(pair), pairs)
        connection.execute(proposals.insert(), rows)


def forget(connection: Connection, agent: str, framework: str, other: str) -> None:
    """Take back what an agent proposed for two frameworks, in either direction."""
    one, two = (
        select(outcomes.c.id).where(outcomes.c.framework == name) for name in (framework, other)
    )
    theirs = or_(
        proposals.c.outcome.in_(one) & proposals.c.other.in_(two),
        proposals.c.outcome.in_(two) & proposals.c.other.in_(one),
    )
    connection.execute(delete(proposals).where(proposals.c.agent == agent, theirs))


def count_open(connection: Connection, lines: Iterable[ProposedCorrespondence]) -> int:
    """How many of these lines are open."""
    wanted = {(line.outcome, line.other) for line in lines}
    pairs = select(OPEN.c.outcome, OPEN.c.other)
    return sum(
        tuple(row) in wanted
        for chunk in in_chunks(outcome for outcome, _ in wanted)
        for row in connection.execute(pairs.where(OPEN.c.outcome.in_(chunk)))
    )


def _frameworks(connection: Connection, lines: Iterable[ProposedCorrespondence]) -> dict[str, str]:
    ids = {id_ for line in lines for id_ in (line.outcome, line.other)}
    found: dict[str, str] = {}
    for chunk in in_chunks(ids):
        named = select(outcomes.c.id, outcomes.c.framework).where(outcomes.c.id.in_(chunk))
        found |= {row.id: row.framework for row in connection.execute(named)}
    for id_ in sorted(ids - found.keys()):
        raise NotFoundError(f"outcome {id_!r} is not in the catalogue")
    return found


def _row(line: ProposedCorrespondence) -> dict[str, Any]:
    return {
        "outcome": line.outcome,
        "other": line.other,
        "match": line.match.value,
        "confidence": line.confidence,
        "agent": line.agent,
        "model": line.model,
        "time": line.time,
    }
