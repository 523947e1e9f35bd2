"""What people work with: the curators' queue, teachers' lists, keys; decisions made at once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("batch", sa.Text(), nullable=True))
    op.create_index("decisions_by_batch", "decisions", ["batch"])
    op.create_index("decisions_by_curator", "decisions", ["curator", "time"])
    _create_queue()
    op.create_table(
        "lists",
        _text("id"),
        _text("title"),
        _text("note"),
        _text("owner"),
        sa.Column("items", sa.JSON(), nullable=False),
        _number("created"),
        _number("updated"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "keys",
        _text("id"),
        _text("name"),
        _text("role"),
        _text("digest"),
        _number("created"),
        _number("expires", nullable=True),
        _number("revoked", nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_queue() -> None:
    op.create_table(
        "queue",
        _text("resource"),
        _text("index"),
        _text("outcome"),
        _text("framework"),
        _text("subject", nullable=True),
        _text("dataset"),
        _text("language", nullable=True),
        _number("confidence"),
        _number("uncertainty"),
        _number("reach"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"]),
        sa.PrimaryKeyConstraint("resource"),
    )
    op.create_index("queue_by_place", "queue", ["place", "resource"])
    op.create_index("queue_by_open", "queue", ["open"])
    op.create_table(
        "proposals",
        _text("resource"),
        _text("outcome"),
        _number("confidence"),
        sa.Column("selected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["resource"], ["queue.resource"]),
        sa.PrimaryKeyConstraint("resource", "outcome"),
    )
    op.create_index("proposals_by_confidence", "proposals", ["confidence"])
    op.create_table(
        "claims",
        _text("resource"),
        _text("curator"),
        _number("until"),
        sa.PrimaryKeyConstraint("resource"),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=nullable)
