"""Platforms that share one gateway: which datasets and which keys are of which."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platforms",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("license", sa.Text()),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("contact", sa.Text()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
    )
    op.add_column("datasets", sa.Column("platform", sa.Text()))
    op.add_column("keys", sa.Column("platform", sa.Text()))
