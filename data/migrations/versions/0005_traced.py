"""When a dataset was imported last, and who made and revoked a key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("datasets", sa.Column("imported", sa.Float(), nullable=True))
    op.add_column("keys", sa.Column("made_by", sa.Text(), nullable=True))
    op.add_column("keys", sa.Column("revoked_by", sa.Text(), nullable=True))
