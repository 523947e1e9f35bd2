"""Lines of a crosswalk that wait for a curator, and what curators decided on them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correspondence_proposals",
        sa.Column("outcome", sa.Text(), sa.ForeignKey("outcomes.id"), primary_key=True),
        sa.Column("other", sa.Text(), sa.ForeignKey("outcomes.id"), primary_key=True),
        sa.Column("match", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("model", sa.Text()),
        sa.Column("time", sa.Float(), nullable=False),
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "correspondence_decisions",
        sa.Column("id", number, primary_key=True),
        sa.Column("outcome", sa.Text(), sa.ForeignKey("outcomes.id"), nullable=False),
        sa.Column("other", sa.Text(), sa.ForeignKey("outcomes.id"), nullable=False),
        sa.Column("match", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("curator", sa.Text(), nullable=False),
        sa.Column("time", sa.Float(), nullable=False),
    )
    op.create_index(
        "correspondence_decisions_by_pair", "correspondence_decisions", ["outcome", "other", "id"]
    )
    op.create_index(
        "correspondence_decisions_by_curator", "correspondence_decisions", ["curator", "id"]
    )
