"""Systems that resources are harvested from, and when a resource changed, for those who harvest us.

Where that is not known, it is when the dataset was imported last, or when the row was retired.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
    )
    op.create_table(
        "sightings",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("resource", sa.Text(), primary_key=True),
    )
    op.add_column("resources", sa.Column("changed", sa.Float(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE resources SET changed = COALESCE(retired_at, (SELECT imported FROM datasets "
        "WHERE datasets.name = resources.dataset), 0)"
    )
    op.create_index("resources_by_changed", "resources", ["changed", "id"])
