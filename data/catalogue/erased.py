"""Learners who were erased: known by a hash alone, so that what comes late stays out."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, func, select

from data import pseudonyms
from data.catalogue.store import in_chunks
from data.catalogue.tables import erasures
from data.errors import ConflictError, GatewaysError

_LAST = (
    select(erasures.c.pseudonym_hash, func.max(erasures.c.time))
    .where(erasures.c.pseudonym_hash.in_(bindparam("hashes", expanding=True)))
    .group_by(erasures.c.pseudonym_hash)
)


def pseudonym_hash(learner: str) -> str:
    """What is left of a pseudonym: enough to know it again, not enough to tell it."""
    # A hash of its own kind, which no other hash of the same pseudonym can be compared with.
    return hashlib.sha256(b"gateways erasure\0" + learner.encode()).hexdigest()


def since(connection: Connection, learners: Iterable[str]) -> dict[str, float]:
    """Those of the learners who were erased, and when at last (Unix seconds)."""
    learner_of = {pseudonym_hash(learner): learner for learner in set(learners)}
    return {
        learner_of[hashed]: time
        for chunk in in_chunks(learner_of)
        for hashed, time in connection.execute(_LAST, {"hashes": chunk})
    }


def objection(time: float, erased_at: float | None) -> str | None:
    """Why what happened at `time` is not taken in, if the learner was erased after it."""
    if erased_at is None or time > erased_at:
        return None
    date = datetime.fromtimestamp(erased_at, UTC)
    return f"the learner was erased on {date:%Y-%m-%d at %H:%M} UTC; only what is later is taken in"


def check(connection: Connection, learner: str, time: float) -> None:
    """Refuse what is about no pseudonym, or about one that was erased at `time` or later.

    Raises GatewaysError, or ConflictError for one that was erased.
    """
    if reason := pseudonyms.objection(learner):
        raise GatewaysError(reason)
    if reason := objection(time, since(connection, [learner]).get(learner)):
        raise ConflictError(reason)
