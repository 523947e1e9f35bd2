"""What outcomes of different frameworks have to do with each other."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "correspondences",
        sa.Column("outcome", sa.Text(), sa.ForeignKey("outcomes.id"), primary_key=True),
        sa.Column("other", sa.Text(), sa.ForeignKey("outcomes.id"), primary_key=True),
        sa.Column("match", sa.Text(), primary_key=True),
        sa.Column("dataset", sa.Text(), primary_key=True),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("time", sa.Float(), nullable=False),
        sa.Column("model", sa.Text()),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.Float()),
    )
    op.create_index("correspondences_by_other", "correspondences", ["other"])
    op.create_index("correspondences_by_dataset", "correspondences", ["dataset"])
