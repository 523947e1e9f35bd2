"""A count of changes of alignments and prerequisites, beside that of outcomes and resources."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("stated", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("revision", column)
