"""Records ↔ rows, and the digest that tells whether a record has changed."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias, TypeVar

from data.formats.xapi.statement import is_statement
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Event,
    Framework,
    Interaction,
    Match,
    Outcome,
    Prerequisite,
    Provenance,
    Record,
    Relation,
    Resource,
    Split,
)

Key: TypeAlias = tuple[str, ...]
Values: TypeAlias = dict[str, Any]
R = TypeVar("R", Dataset, Framework, Outcome, Resource, Prerequisite, Interaction)

DIGEST_LENGTH = 32
KEYS: dict[type[Record], Key] = {
    Outcome: ("id",),
    Resource: ("id",),
    Alignment: ("resource", "outcome", "relation"),
    Prerequisite: ("outcome", "requires"),
    Correspondence: ("outcome", "other", "match"),
    Interaction: ("digest",),
}

_FIELDS = {
    kind: tuple(field.name for field in fields(kind)) for kind in (Dataset, Framework, *KEYS)
}
_READ: dict[str, Callable[[Any], Any]] = {
    "languages": tuple,
    "levels": tuple,
    "outcomes": tuple,
    "event": Event,
}
_CANONICAL = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
)
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_LARGEST = 2**63


class UnstorableError(ValueError):
    """A record that no database takes, and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record on its way in: what identifies it, what it says, and the row to write."""

    key: Key
    digest: str
    values: Values


def entry_of(record: Record, dataset: str) -> Entry:
    """Make the row of a record that `dataset` states. Raises UnstorableError."""
    values = values_of(record)
    said = values_of(as_said(record))
    if values.get("agent") == agent_of(dataset):
        # The default provenance is of the import, not of the record, so it makes no difference.
        said.update(agent=None, time=None, model=None)
    digest = _digest(said)
    values |= {"dataset": dataset, "digest": digest, "retired_at": None}
    return Entry(tuple(values[name] for name in KEYS[type(record)]), digest, values)


def key_of(record: Record) -> Key:
    """What identifies a record; empty for an interaction, which is identified by all it says."""
    if isinstance(record, Interaction):
        return ()
    return tuple([str(getattr(record, name)) for name in KEYS[type(record)]])


def as_said(record: Record) -> Record:
    """What a record says itself, whatever the catalogue had when it came.

    A statement of xAPI tells what it is about in its own words, and has its place by ours.
    """
    if isinstance(record, Interaction) and is_statement(record):
        return replace(record, resource=None, item=None, outcomes=())
    return record


def agent_of(dataset: str) -> str:
    """The agent of what is stated where its dataset names no other."""
    return f"dataset:{dataset}"


def values_of(record: Dataset | Record) -> Values:
    """Column values of a record, without those that say whose it is."""
    values = {name: getattr(record, name) for name in _FIELDS[type(record)]}
    values["extra"] = dict(record.extra)
    if isinstance(record, Interaction):
        values["event"] = record.event.value
    elif isinstance(record, Alignment):
        values["relation"] = record.relation.value
        values["split"] = record.split.value if record.split else None
    elif isinstance(record, Correspondence):
        values["match"] = record.match.value
    if "provenance" in values:
        provenance = values.pop("provenance")
        for name in ("agent", "time", "model"):
            values[name] = getattr(provenance, name, None)
    return values


def record_of(kind: type[R], row: Mapping[Any, Any]) -> R:
    """The record of a row; columns that the record has no field for are left out."""
    values = {name: row[name] for name in _FIELDS[kind]}
    for name, read in _READ.items():
        if name in values:
            values[name] = read(values[name])
    return kind(**values)


def alignment_of(row: Mapping[Any, Any]) -> Alignment:
    """The alignment of a row, with its provenance."""
    return Alignment(
        resource=row["resource"],
        outcome=row["outcome"],
        relation=Relation(row["relation"]),
        split=Split(row["split"]) if row["split"] else None,
        provenance=_provenance(row),
        extra=row["extra"],
    )


def correspondence_of(row: Mapping[Any, Any]) -> Correspondence:
    """The correspondence of a row, with its provenance."""
    return Correspondence(
        outcome=row["outcome"],
        other=row["other"],
        match=Match(row["match"]),
        provenance=_provenance(row),
        extra=row["extra"],
    )


def _provenance(row: Mapping[Any, Any]) -> Provenance:
    return Provenance(agent=row["agent"], time=row["time"], model=row["model"])


def _digest(said: Values) -> str:
    try:
        text = _CANONICAL.encode(said)
        encoded = text.encode()
    except UnicodeEncodeError:
        raise UnstorableError("a text holds half a character (a lone surrogate)") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise UnstorableError(f"a value cannot be kept: {error}") from None
    if "\\u0000" in text and _NUL.search(text):
        raise UnstorableError("a text holds a NUL character")
    if abs(said.get("position") or 0) >= _LARGEST:
        raise UnstorableError("position is too large a number")
    return hashlib.sha256(encoded).hexdigest()[:DIGEST_LENGTH]
