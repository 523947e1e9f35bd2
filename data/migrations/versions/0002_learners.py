"""What learners say and were shown, who was erased, and ids that clients give to interactions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("interactions", sa.Column("client_id", sa.Text(), nullable=True))
    op.create_index("interactions_by_client_id", "interactions", ["client_id"], unique=True)
    _create_statements()
    _create_recommendations()
    _create_erasures()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _create_statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", NUMBER, nullable=False),
        _text("learner"),
        _text("outcome"),
        sa.Column("can", sa.Float(), nullable=False),
        _text("voice"),
        sa.Column("time", sa.Float(), nullable=False),
        _text("note"),
        sa.ForeignKeyConstraint(["outcome"], ["outcomes.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("statements_by_learner", "statements", ["learner", "time", "id"])


def _create_recommendations() -> None:
    op.create_table(
        "recommendations",
        _text("id"),
        _text("learner"),
        sa.Column("time", sa.Float(), nullable=False),
        _text("policy"),
        _json("asked"),
        _json("shown"),
        _json("candidates"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("recommendations_by_learner", "recommendations", ["learner", "time", "id"])


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", NUMBER, nullable=False),
        _text("pseudonym_hash"),
        sa.Column("time", sa.Float(), nullable=False),
        _text("agent"),
        _json("counts"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("erasures_by_pseudonym_hash", "erasures", ["pseudonym_hash"])
