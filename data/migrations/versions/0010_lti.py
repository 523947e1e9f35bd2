"""Learning platforms that embed our pages over LTI, and which launches came from them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lti_platforms",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("deployments", sa.JSON(), nullable=False),
        sa.Column("authorisation_url", sa.Text(), nullable=False),
        sa.Column("token_url", sa.Text()),
        sa.Column("jwks_url", sa.Text()),
        sa.Column("jwks", sa.JSON()),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.UniqueConstraint("issuer", "client_id", name="lti_platforms_by_client"),
    )
    op.create_table(
        "lti_launches",
        sa.Column("nonce", sa.Text(), primary_key=True),
        sa.Column("asked", sa.JSON()),
        sa.Column("expires", sa.Float(), nullable=False),
    )
