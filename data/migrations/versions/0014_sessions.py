"""Sessions of people; keys that are found by how they begin, replaced, and for one learner."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("learner", "shown", "replaces"):
        op.add_column("keys", sa.Column(name, sa.Text()))
    op.add_column("keys", sa.Column("used", sa.Float()))
    # What a learner's key opened before it still opens; new ones say for whom they are.
    op.execute("UPDATE keys SET learner = '*' WHERE role = 'learner'")
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text()),
        sa.Column("learner", sa.Text()),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.Column("ends", sa.Float(), nullable=False),
    )
    op.create_index("sessions_by_end", "sessions", ["ends"])
