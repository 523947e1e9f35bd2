"""The tables of the catalogue.

Every imported row carries its owner (`dataset`, or LOCAL for what was made here), the digest of
what was read, and when it was retired; rows are never deleted, except those of a learner who is
erased. What is stated of two rows (an alignment, a prerequisite, a correspondence) has its owner in
its key, so that two sources may state the same.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

LOCAL = ""  # the owner of rows that no dataset brought: curators' alignments, resources over HTTP

NATURAL_KEY = "natural_key"  # what makes a row the same, where it is not the primary key

metadata = MetaData()
_Number = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself there


def text_column(name: str, *args: Any, nullable: bool = False, **options: Any) -> Column[Any]:
    """A column of text, which has a value unless it is `nullable`."""
    return Column(name, Text, *args, nullable=nullable, **options)


def _retirable() -> tuple[Column[Any], ...]:
    return (text_column("digest"), Column("retired_at", Float))


datasets = Table(
    "datasets",
    metadata,
    text_column("name", primary_key=True),
    text_column("license", nullable=True),
    text_column("attribution", nullable=True),
    text_column("source", nullable=True),
    Column("languages", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
    Column("imported", Float),
    # Whoever imports knows nothing of it, so that no import changes it.
    text_column("platform", nullable=True),
)

frameworks = Table(
    "frameworks",
    metadata,
    text_column("id", primary_key=True),
    text_column("dataset"),
    text_column("title"),
    text_column("language", nullable=True),
    text_column("fingerprint"),
    Column("retired_at", Float),
)

outcomes = Table(
    "outcomes",
    metadata,
    text_column("id", primary_key=True),
    text_column("framework", ForeignKey("frameworks.id")),
    text_column("parent", nullable=True),  # no foreign key: rows come in the order of their file
    text_column("code", nullable=True),
    text_column("title"),
    text_column("description"),
    text_column("subject", nullable=True),
    Column("levels", JSON, nullable=False),
    text_column("language", nullable=True),
    Column("position", BigInteger, nullable=False),
    Column("assignable", Boolean, nullable=False),
    Column("extra", JSON, nullable=False),
    text_column("dataset"),
    *_retirable(),
    Column("revision", BigInteger, nullable=False),
    Index("outcomes_in_order", "framework", "position", "id"),
    Index("outcomes_by_parent", "parent"),
    Index("outcomes_by_dataset", "dataset"),
)

resources = Table(
    "resources",
    metadata,
    text_column("id", primary_key=True),
    text_column("title"),
    text_column("description"),
    text_column("text"),
    text_column("kind", nullable=True),
    text_column("subject", nullable=True),
    Column("levels", JSON, nullable=False),
    text_column("language", nullable=True),
    text_column("url", nullable=True),
    text_column("license", nullable=True),
    Column("extra", JSON, nullable=False),
    text_column("dataset"),
    *_retirable(),
    Column("revision", BigInteger, nullable=False),
    Column("changed", Float, nullable=False, server_default="0"),  # Unix seconds
    Index("resources_by_revision", "revision"),
    Index("resources_by_changed", "changed", "id"),
    Index("resources_by_dataset", "dataset"),
)

alignments = Table(
    "alignments",
    metadata,
    text_column("resource", ForeignKey("resources.id"), primary_key=True),
    text_column("outcome", ForeignKey("outcomes.id"), primary_key=True),
    text_column("relation", primary_key=True),
    text_column("dataset", primary_key=True),
    text_column("split", nullable=True),
    text_column("agent"),
    Column("time", Float, nullable=False),
    text_column("model", nullable=True),
    Column("extra", JSON, nullable=False),
    *_retirable(),
    Index("alignments_by_outcome", "outcome"),
    Index("alignments_by_dataset", "dataset"),
)

prerequisites = Table(
    "prerequisites",
    metadata,
    text_column("outcome", ForeignKey("outcomes.id"), primary_key=True),
    text_column("requires", ForeignKey("outcomes.id"), primary_key=True),
    text_column("dataset", primary_key=True),
    Column("extra", JSON, nullable=False),
    *_retirable(),
    Index("prerequisites_by_requires", "requires"),
)

correspondences = Table(
    "correspondences",
    metadata,
    text_column("outcome", ForeignKey("outcomes.id"), primary_key=True),
    text_column("other", ForeignKey("outcomes.id"), primary_key=True),
    text_column("match", primary_key=True),
    text_column("dataset", primary_key=True),
    text_column("agent"),
    Column("time", Float, nullable=False),
    text_column("model", nullable=True),
    Column("extra", JSON, nullable=False),
    *_retirable(),
    Index("correspondences_by_other", "other"),
    Index("correspondences_by_dataset", "dataset"),
)

interactions = Table(
    "interactions",
    metadata,
    Column("number", _Number, primary_key=True),  # keeps the order in which they came
    text_column("learner"),
    text_column("resource", ForeignKey("resources.id"), nullable=True),
    text_column("item", nullable=True),
    Column("outcomes", JSON, nullable=False),
    Column("time", Float, nullable=False),
    text_column("event"),
    Column("score", Float),
    Column("extra", JSON, nullable=False),
    text_column("dataset"),
    *_retirable(),
    text_column(
        "client_id", nullable=True
    ),  # under which it was sent, so that it may be sent again
    Index("interactions_by_client_id", "client_id", unique=True),
    Index("interactions_by_digest", "digest", unique=True),
    Index("interactions_by_learner", "learner", "time", "number"),
    info={NATURAL_KEY: ("digest",)},
)

statements = Table(
    "statements",
    metadata,
    Column("id", _Number, primary_key=True),
    text_column("learner"),
    text_column("outcome", ForeignKey("outcomes.id")),
    Column("can", Float, nullable=False),
    text_column("voice"),
    Column("time", Float, nullable=False),
    text_column("note"),
    Index("statements_by_learner", "learner", "time", "id"),
)

recommendations = Table(
    "recommendations",
    metadata,
    text_column("id", primary_key=True),
    text_column("learner"),
    Column("time", Float, nullable=False),
    text_column("policy"),
    Column("asked", JSON, nullable=False),
    Column("shown", JSON, nullable=False),
    Column("candidates", JSON, nullable=False),
    Index("recommendations_by_learner", "learner", "time", "id"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", _Number, primary_key=True),
    text_column("pseudonym_hash"),
    Column("time", Float, nullable=False),
    text_column("agent"),
    Column("counts", JSON, nullable=False),
    Index("erasures_by_pseudonym_hash", "pseudonym_hash"),
)

showings = Table(
    "showings",
    metadata,
    text_column("id", primary_key=True),
    text_column("resource", nullable=True),
    Column("time", Float, nullable=False),
    text_column("model"),
    text_column("index"),
    Column("frameworks", JSON, nullable=False),
    Column("shown", JSON, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", _Number, primary_key=True),
    text_column("resource", ForeignKey("resources.id")),
    text_column("outcome", ForeignKey("outcomes.id")),
    text_column("verdict"),
    text_column("reason", nullable=True),
    text_column("note"),
    text_column("curator"),
    Column("time", Float, nullable=False),
    text_column("showing", ForeignKey("showings.id"), nullable=True),
    text_column("framework_fingerprint"),
    text_column("batch", nullable=True),
    Index("decisions_by_pair", "resource", "outcome", "id"),
    Index("decisions_by_batch", "batch"),
    Index("decisions_by_curator", "curator", "time"),
)

# One row: changes of outcomes and resources, and those of what is stated of two of them.
revision = Table(
    "revision",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),
    Column("stated", BigInteger, nullable=False, server_default="0"),
)
