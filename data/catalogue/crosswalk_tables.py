"""The tables of deciding on crosswalks: what waits for a curator, and the ledger of what they said.

What waits was derived by a model, so its rows are deleted and made anew. A pair is the same
whichever of its outcomes is named first.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    Table,
    and_,
    or_,
)

from data.catalogue.tables import metadata
from data.catalogue.tables import text_column as _text

proposals = Table(
    "correspondence_proposals",
    metadata,
    _text("outcome", ForeignKey("outcomes.id"), primary_key=True),
    _text("other", ForeignKey("outcomes.id"), primary_key=True),
    _text("match"),
    Column("confidence", Float, nullable=False),
    _text("agent"),
    _text("model", nullable=True),
    Column("time", Float, nullable=False),
)

decisions = Table(
    "correspondence_decisions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _text("outcome", ForeignKey("outcomes.id")),
    _text("other", ForeignKey("outcomes.id")),
    _text("match"),
    _text("verdict"),
    _text("note"),
    _text("curator"),
    Column("time", Float, nullable=False),
    Index("correspondence_decisions_by_pair", "outcome", "other", "id"),
    Index("correspondence_decisions_by_curator", "curator", "id"),
)


def is_pair(rows: FromClause, outcome: Any, other: Any) -> ColumnElement[bool]:
    """Whether a row is about these two ids or columns of ids, in either direction."""
    return or_(
        and_(rows.c.outcome == outcome, rows.c.other == other),
        and_(rows.c.outcome == other, rows.c.other == outcome),
    )
