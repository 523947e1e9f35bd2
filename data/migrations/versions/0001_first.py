"""The first schema: records, the ledger, the revision."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_sources()
    _create_outcomes()
    _create_resources()
    _create_statements()
    _create_interactions()
    _create_ledger()
    counter = op.create_table(
        "revision",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("value"),
    )
    op.bulk_insert(counter, [{"value": 0}])


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _create_sources() -> None:
    op.create_table(
        "datasets",
        _text("name"),
        _text("license", nullable=True),
        _text("attribution", nullable=True),
        _text("source", nullable=True),
        _json("languages"),
        _json("extra"),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "frameworks",
        _text("id"),
        _text("dataset"),
        _text("title"),
        _text("language", nullable=True),
        _text("fingerprint"),
        sa.Column("retired_at", sa.Float()),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_outcomes() -> None:
    op.create_table(
        "outcomes",
        _text("id"),
        _text("framework"),
        _text("parent", nullable=True),
        _text("code", nullable=True),
        _text("title"),
        _text("description"),
        _text("subject", nullable=True),
        _json("levels"),
        _text("language", nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("assignable", sa.Boolean(), nullable=False),
        _json("extra"),
        _text("dataset"),
        _text("digest"),
        sa.Column("retired_at", sa.Float()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["framework"], ["frameworks.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outcomes_by_dataset", "outcomes", ["dataset"])
    op.create_index("outcomes_by_parent", "outcomes", ["parent"])
    op.create_index("outcomes_in_order", "outcomes", ["framework", "position", "id"])


def _create_resources() -> None:
    op.create_table(
        "resources",
        _text("id"),
        _text("title"),
        _text("description"),
        _text("text"),
        _text("kind", nullable=True),
        _text("subject", nullable=True),
        _json("levels"),
        _text("language", nullable=True),
        _text("url", nullable=True),
        _text("license", nullable=True),
        _json("extra"),
        _text("dataset"),
        _text("digest"),
        sa.Column("retired_at", sa.Float()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("resources_by_dataset", "resources", ["dataset"])
    op.create_index("resources_by_revision", "resources", ["revision"])


def _create_statements() -> None:
    op.create_table(
        "alignments",
        _text("resource"),
        _text("outcome"),
        _text("relation"),
        _text("dataset"),
        _text("split", nullable=True),
        _text("agent"),
        sa.Column("time", sa.Float(), nullable=False),
        _text("model", nullable=True),
        _json("extra"),
        _text("digest"),
        sa.Column("retired_at", sa.Float()),
        sa.ForeignKeyConstraint(["outcome"], ["outcomes.id"]),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"]),
        sa.PrimaryKeyConstraint("resource", "outcome", "relation", "dataset"),
    )
    op.create_index("alignments_by_dataset", "alignments", ["dataset"])
    op.create_index("alignments_by_outcome", "alignments", ["outcome"])
    op.create_table(
        "prerequisites",
        _text("outcome"),
        _text("requires"),
        _text("dataset"),
        _json("extra"),
        _text("digest"),
        sa.Column("retired_at", sa.Float()),
        sa.ForeignKeyConstraint(["outcome"], ["outcomes.id"]),
        sa.ForeignKeyConstraint(["requires"], ["outcomes.id"]),
        sa.PrimaryKeyConstraint("outcome", "requires", "dataset"),
    )
    op.create_index("prerequisites_by_requires", "prerequisites", ["requires"])


def _create_interactions() -> None:
    op.create_table(
        "interactions",
        sa.Column("number", NUMBER, nullable=False),
        _text("learner"),
        _text("resource", nullable=True),
        _text("item", nullable=True),
        _json("outcomes"),
        sa.Column("time", sa.Float(), nullable=False),
        _text("event"),
        sa.Column("score", sa.Float()),
        _json("extra"),
        _text("dataset"),
        _text("digest"),
        sa.Column("retired_at", sa.Float()),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"]),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("interactions_by_digest", "interactions", ["digest"], unique=True)
    op.create_index("interactions_by_learner", "interactions", ["learner", "time", "number"])


def _create_ledger() -> None:
    op.create_table(
        "showings",
        _text("id"),
        _text("resource", nullable=True),
        sa.Column("time", sa.Float(), nullable=False),
        _text("model"),
        _text("index"),
        _json("frameworks"),
        _json("shown"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", NUMBER, nullable=False),
        _text("resource"),
        _text("outcome"),
        _text("verdict"),
        _text("reason", nullable=True),
        _text("note"),
        _text("curator"),
        sa.Column("time", sa.Float(), nullable=False),
        _text("showing", nullable=True),
        _text("framework_fingerprint"),
        sa.ForeignKeyConstraint(["outcome"], ["outcomes.id"]),
        sa.ForeignKeyConstraint(["resource"], ["resources.id"]),
        sa.ForeignKeyConstraint(["showing"], ["showings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decisions_by_pair", "decisions", ["resource", "outcome", "id"])
