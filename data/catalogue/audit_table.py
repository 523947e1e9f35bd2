"""The table of the audit trail, and the rows of other tables that it vouches for."""

from enum import StrEnum

from sqlalchemy import BigInteger, Column, Float, Index, Integer, Table

from data.catalogue.crosswalk_tables import decisions as crosswalk_decisions
from data.catalogue.tables import decisions, erasures, metadata
from data.catalogue.tables import text_column as _text
from data.catalogue.work_tables import keys

audit = Table(
    "audit",
    metadata,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("time", Float, nullable=False),
    _text("event"),
    _text("about"),
    _text("said"),
    _text("previous"),
    _text("hash"),
    Index("audit_by_about", "event", "about"),
)


class Event(StrEnum):
    """What happened."""

    DECISION = "decision"
    CROSSWALK_DECISION = "crosswalk decision"
    ERASURE = "erasure"
    KEY = "key"
    KEY_REVOKED = "key revoked"
    IMPORT = "import"
    INDEX = "index"
    PROMOTION = "promotion"
    ROLLBACK = "rollback"
    SETTINGS = "settings"
    PLATFORM = "platform"
    SOURCE = "source"


VOUCHED: dict[Event, tuple[Table, tuple[str, ...]]] = {
    Event.DECISION: (
        decisions,
        (
            *("id", "resource", "outcome", "verdict", "reason", "note", "curator", "time"),
            *("showing", "framework_fingerprint", "batch"),
        ),
    ),
    Event.CROSSWALK_DECISION: (
        crosswalk_decisions,
        ("id", "outcome", "other", "match", "verdict", "note", "curator", "time"),
    ),
    Event.ERASURE: (erasures, ("id", "pseudonym_hash", "time", "agent", "counts")),
    # The rest of a key may change: its end, the hash of its secret, and its name by an erasure.
    Event.KEY: (keys, ("id", "role", "created", "made_by", "platform")),
}
"""The tables whose every row has an entry, and the columns that never change."""
