"""Which index is to be served, and the processes that serve."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wanted_index",
        sa.Column("index", sa.Text(), primary_key=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
    )
    op.create_table(
        "servers",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("index", sa.Text()),
        sa.Column("model", sa.Text()),
        sa.Column("why", sa.Text()),
        sa.Column("seen", sa.Float(), nullable=False),
    )
