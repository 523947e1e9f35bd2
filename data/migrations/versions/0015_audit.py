"""The audit trail, of what was decided, erased, let in and taken in before, and what guards it."""

import heapq
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from data.catalogue.chain import Entry, digest_of, following

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ROWS = {
    "decision": (
        "decisions",
        (
            *("id", "resource", "outcome", "verdict", "reason", "note", "curator", "time"),
            *("showing", "framework_fingerprint", "batch"),
        ),
    ),
    "crosswalk decision": (
        "correspondence_decisions",
        ("id", "outcome", "other", "match", "verdict", "note", "curator", "time"),
    ),
    "erasure": ("erasures", ("id", "pseudonym_hash", "time", "agent", "counts")),
    "key": ("keys", ("id", "role", "created", "made_by", "platform")),
}
GUARDED = ("audit", "decisions", "correspondence_decisions", "erasures", "showings")
CHUNK = 1000


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    audit = op.create_table(
        "audit",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("time", sa.Float(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    op.create_index("audit_by_about", "audit", ["event", "about"])
    _chain(audit)
    _guard()


def _chain(audit: sa.Table) -> None:
    """Put what is there into one chain, in the order of time."""
    last: Entry | None = None
    entries: list[dict[str, Any]] = []
    happened = heapq.merge(*(_rows(event) for event in ROWS), key=lambda one: one[0])
    for time, event, about, said in happened:
        last = following(last, time=time, event=event, about=about, said=said)
        entries.append(asdict(last))
        if len(entries) == CHUNK:
            op.bulk_insert(audit, entries)
            entries = []
    op.bulk_insert(audit, entries)


def _rows(event: str) -> Iterator[tuple[float, str, str, dict[str, str]]]:
    name, columns = ROWS[event]
    when = "created" if "created" in columns else "time"
    types: dict[str, sa.types.TypeEngine[Any]] = {"counts": sa.JSON(), when: sa.Float()}
    table = sa.table(name, *(sa.column(one, types.get(one)) for one in columns))
    # A chunk at a time, so that no cursor is open while others write.
    after = None
    while True:
        query = sa.select(table).order_by(table.c.id).limit(CHUNK)
        rows = op.get_bind().execute(query if after is None else query.where(table.c.id > after))
        found = rows.mappings().all()
        for row in found:
            yield row[when], event, str(row["id"]), {"digest": digest_of(dict(row))}
        if len(found) < CHUNK:
            return
        after = found[-1]["id"]


def _guard() -> None:
    """Have the database refuse to change what is only added to."""
    if op.get_bind().dialect.name == "sqlite":
        for table in GUARDED:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only ever added'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: rows are only ever added', TG_TABLE_NAME; END $$"
    )
    for table in GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
        )
