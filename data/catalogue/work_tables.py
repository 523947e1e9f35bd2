"""The tables of what people work with: queue, lists, keys, sources, platforms, LTI, servers.

The queue is derived of the catalogue and an index, so its rows are deleted and made anew.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
)

from data.catalogue.tables import metadata
from data.catalogue.tables import text_column as _text

queue = Table(
    "queue",
    metadata,
    _text("resource", ForeignKey("resources.id"), primary_key=True),
    _text("index"),
    _text("outcome"),
    _text("framework"),
    _text("subject", nullable=True),
    _text("dataset"),
    _text("language", nullable=True),
    Column("confidence", Float, nullable=False),
    Column("uncertainty", Float, nullable=False),
    Column("reach", Float, nullable=False),
    Column("place", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Index("queue_by_place", "place", "resource"),
    Index("queue_by_open", "open"),
)

proposals = Table(
    "proposals",
    metadata,
    _text("resource", ForeignKey("queue.resource"), primary_key=True),
    _text("outcome", primary_key=True),
    Column("confidence", Float, nullable=False),
    Column("selected", Boolean, nullable=False),
    Index("proposals_by_confidence", "confidence"),
)

claims = Table(
    "claims",
    metadata,
    _text("resource", primary_key=True),
    _text("curator"),
    Column("until", Float, nullable=False),
)

lists = Table(
    "lists",
    metadata,
    _text("id", primary_key=True),
    _text("title"),
    _text("note"),
    _text("owner"),
    Column("items", JSON, nullable=False),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("role"),
    _text("digest"),
    Column("created", Float, nullable=False),
    Column("expires", Float),
    Column("revoked", Float),
    _text("made_by", nullable=True),
    _text("revoked_by", nullable=True),
    _text("platform", nullable=True),
    _text("learner", nullable=True),
    _text("shown", nullable=True),
    Column("used", Float),
    _text("replaces", nullable=True),
)

sessions = Table(
    "sessions",
    metadata,
    _text("digest", primary_key=True),
    _text("source"),
    _text("name", nullable=True),
    _text("role"),
    _text("platform", nullable=True),
    _text("learner", nullable=True),
    Column("created", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("ends", Float, nullable=False),
    Index("sessions_by_end", "ends"),
)

platforms = Table(
    "platforms",
    metadata,
    _text("id", primary_key=True),
    _text("name"),
    _text("operator"),
    _text("url", nullable=True),
    _text("license", nullable=True),
    Column("languages", JSON, nullable=False),
    _text("contact", nullable=True),
    _text("note"),
    Column("created", Float, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    _text("name", primary_key=True),
    _text("kind"),
    _text("url"),
    Column("options", JSON, nullable=False),
    Column("state", JSON, nullable=False),
    Column("created", Float, nullable=False),
    _text("platform", nullable=True),
)

# One row for each harvest that goes on; one that was killed is known by when it was last seen.
harvests = Table(
    "harvests",
    metadata,
    _text("source", primary_key=True),
    _text("id"),
    _text("host"),
    Column("pid", Integer, nullable=False),
    Column("since", Float, nullable=False),
    Column("seen", Float, nullable=False),
)

# Which records the list that is being harvested has named so far, to tell which are gone.
sightings = Table(
    "sightings",
    metadata,
    _text("source", primary_key=True),
    _text("resource", primary_key=True),
)

lti_platforms = Table(
    "lti_platforms",
    metadata,
    _text("name", primary_key=True),
    _text("issuer"),
    _text("client_id"),
    Column("deployments", JSON, nullable=False),
    _text("authorisation_url"),
    _text("token_url", nullable=True),
    _text("jwks_url", nullable=True),
    Column("jwks", JSON),
    Column("origins", JSON, nullable=False),
    Column("created", Float, nullable=False),
    UniqueConstraint("issuer", "client_id", name="lti_platforms_by_client"),
)

lti_launches = Table(
    "lti_launches",
    metadata,
    _text("nonce", primary_key=True),
    Column("asked", JSON),
    Column("expires", Float, nullable=False),
)

# One row at most: the index that every process is to serve.
wanted_index = Table(
    "wanted_index",
    metadata,
    _text("index", primary_key=True),
    _text("host"),
    Column("since", Float, nullable=False),
)

servers = Table(
    "servers",
    metadata,
    _text("id", primary_key=True),
    _text("host"),
    Column("port", Integer, nullable=False),
    _text("index", nullable=True),
    _text("model", nullable=True),
    _text("why", nullable=True),
    Column("seen", Float, nullable=False),
)
