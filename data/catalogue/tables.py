"""The tables of the catalogue.

Every imported row carries its owner (`dataset`, or LOCAL for what was made here), the digest of
what was read, and when it was retired; rows are never deleted, except those of a learner who is
erased. What is stated of two rows (an alignment, a prerequisite) has its owner in its key, so that
two sources may state the same.
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


def _text(name: str, *args: Any, nullable: bool = False, **options: Any) -> Column[Any]:
    return Column(name, Text, *args, nullable=nullable, **options)


def _retirable() -> tuple[Column[Any], ...]:
    return (_text("digest"), Column("retired_at", Float))


datasets = Table(
    "datasets",
    metadata,
    _text("name", primary_key=True),
    _text("license", nullable=True),
    _text("attribution", nullable=True),
    _text("source", nullable=True),
    Column("languages", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
)

frameworks = Table(
    "frameworks",
    metadata,
    _text("id", primary_key=True),
    _text("dataset"),
    _text("title"),
    _text("language", nullable=True),
    _text("fingerprint"),
    Column("retired_at", Float),
)

outcomes = Table(
    "outcomes",
    metadata,
    _text("id", primary_key=True),
    _text("framework", ForeignKey("frameworks.id")),
    _text("parent", nullable=True),  # no foreign key: rows come in the order of their file
    _text("code", nullable=True),
    _text("title"),
    _text("description"),
    _text("subject", nullable=True),
    Column("levels", JSON, nullable=False),
    _text("language", nullable=True),
    Column("position", BigInteger, nullable=False),
    Column("assignable", Boolean, nullable=False),
    Column("extra", JSON, nullable=False),
    _text("dataset"),
    *_retirable(),
    Column("revision", BigInteger, nullable=False),
    Index("outcomes_in_order", "framework", "position", "id"),
    Index("outcomes_by_parent", "parent"),
    Index("outcomes_by_dataset", "dataset"),
)

resources = Table(
    "resources",
    metadata,
    _text("id", primary_key=True),
    _text("title"),
    _text("description"),
    _text("text"),
    _text("kind", nullable=True),
    _text("subject", nullable=True),
    Column("levels", JSON, nullable=False),
    _text("language", nullable=True),
    _text("url", nullable=True),
    _text("license", nullable=True),
    Column("extra", JSON, nullable=False),
    _text("dataset"),
    *_retirable(),
    Column("revision", BigInteger, nullable=False),
    Index("resources_by_revision", "revision"),
    Index("resources_by_dataset", "dataset"),
)

alignments = Table(
    "alignments",
    metadata,
    _text("resource", ForeignKey("resources.id"), primary_key=True),
    _text("outcome", ForeignKey("outcomes.id"), primary_key=True),
    _text("relation", primary_key=True),
    _text("dataset", primary_key=True),
    _text("split", nullable=True),
    _text("agent"),
    Column("time", Float, nullable=False),
    _text("model", nullable=True),
    Column("extra", JSON, nullable=False),
    *_retirable(),
    Index("alignments_by_outcome", "outcome"),
    Index("alignments_by_dataset", "dataset"),
)

prerequisites = Table(
    "prerequisites",
    metadata,
    _text("outcome", ForeignKey("outcomes.id"), primary_key=True),
    _text("requires", ForeignKey("outcomes.id"), primary_key=True),
    _text("dataset", primary_key=True),
    Column("extra", JSON, nullable=False),
    *_retirable(),
    Index("prerequisites_by_requires", "requires"),
)

interactions = Table(
    "interactions",
    metadata,
    Column("number", _Number, primary_key=True),  # keeps the order in which they came
    _text("learner"),
    _text("resource", ForeignKey("resources.id"), nullable=True),
    _text("item", nullable=True),
    Column("outcomes", JSON, nullable=False),
    Column("time", Float, nullable=False),
    _text("event"),
    Column("score", Float),
    Column("extra", JSON, nullable=False),
    _text("dataset"),
    *_retirable(),
    _text("client_id", nullable=True),  # under which it was sent, so that it may be sent again
    Index("interactions_by_client_id", "client_id", unique=True),
    Index("interactions_by_digest", "digest", unique=True),
    Index("interactions_by_learner", "learner", "time", "number"),
    info={NATURAL_KEY: ("digest",)},
)

statements = Table(
    "statements",
    metadata,
    Column("id", _Number, primary_key=True),
    _text("learner"),
    _text("outcome", ForeignKey("outcomes.id")),
    Column("can", Float, nullable=False),
    _text("voice"),
    Column("time", Float, nullable=False),
    _text("note"),
    Index("statements_by_learner", "learner", "time", "id"),
)

recommendations = Table(
    "recommendations",
    metadata,
    _text("id", primary_key=True),
    _text("learner"),
    Column("time", Float, nullable=False),
    _text("policy"),
    Column("asked", JSON, nullable=False),
    Column("shown", JSON, nullable=False),
    Column("candidates", JSON, nullable=False),
    Index("recommendations_by_learner", "learner", "time", "id"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", _Number, primary_key=True),
    _text("pseudonym_hash"),
    Column("time", Float, nullable=False),
    _text("agent"),
    Column("counts", JSON, nullable=False),
    Index("erasures_by_pseudonym_hash", "pseudonym_hash"),
)

showings = Table(
    "showings",
    metadata,
    _text("id", primary_key=True),
    _text("resource", nullable=True),
    Column("time", Float, nullable=False),
    _text("model"),
    _text("index"),
    Column("frameworks", JSON, nullable=False),
    Column("shown", JSON, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", _Number, primary_key=True),
    _text("resource", ForeignKey("resources.id")),
    _text("outcome", ForeignKey("outcomes.id")),
    _text("verdict"),
    _text("reason", nullable=True),
    _text("note"),
    _text("curator"),
    Column("time", Float, nullable=False),
    _text("showing", ForeignKey("showings.id"), nullable=True),
    _text("framework_fingerprint"),
    Index("decisions_by_pair", "resource", "outcome", "id"),
)

# One row: changes of outcomes and resources, and those of what is stated of two of them.
revision = Table(
    "revision",
    metadata,
    Column("value", BigInteger, primary_key=True, autoincrement=False),
    Column("stated", BigInteger, nullable=False, server_default="0"),
)
