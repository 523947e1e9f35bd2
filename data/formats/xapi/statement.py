"""One statement → an interaction, or the withdrawal of one. Nothing personal is taken from it.

Of the actor the identity is taken, to be made a pseudonym of; names, instructors, teams,
authorities, answers in words, attachments and extensions are left where they are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid5

from data.formats.fields import RowError, shown
from data.formats.protocol import Called
from data.formats.xapi.activities import about, digest_of
from data.formats.xapi.actors import identity
from data.formats.xapi.results import (
    EVENTS,
    VOIDED,
    duration_of,
    result_in,
    score_of,
    verb_in,
    word_of,
)
from data.records import Interaction

XAPI: Final = "xapi"
_ABOUT: Final = "of"
_OURS: Final = UUID("b3c6a5a4-9d6e-4a55-8f4e-3f1d0f0f6d19")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What a learner did: an interaction that still lacks the ids of what it is `about`.

    Its learner is who the actor is, not yet a pseudonym. `is_timed` tells whether the statement
    itself says when it was.
    """

    id: str | None
    interaction: Interaction
    about: tuple[Called, ...]
    is_timed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiding:
    """The statement of the id `voided` is withdrawn."""

    id: str | None
    voided: str


Said: TypeAlias = Experience | Voiding


def read_statement(raw: Any, sites: Sequence[str], now: float | None = None) -> Said:
    """What a statement says. `now` (Unix seconds) is when it was, if it does not say.

    Raises RowError with what is wrong with it, or why it says nothing here.
    """
    if not isinstance(raw, dict):
        raise RowError(f"a statement is an object, and this is {shown(raw)}")
    id_ = None if raw.get("id") is None else uuid_in(raw["id"], "id")
    verb = verb_in(raw)
    if verb == VOIDED:
        return Voiding(id=id_, voided=_voided(raw))
    word = word_of(verb)
    result = result_in(raw)
    things = about(raw, sites)
    said = {"id": id_, "verb": word, "duration": duration_of(result), _ABOUT: digest_of(things)}
    time = _time_in(raw)
    if time is None and now is None:
        raise RowError("timestamp is missing; it must say when it was, as 2026-05-04T09:30:00Z")
    interaction = Interaction(
        learner=identity(raw.get("actor")),
        time=time if time is not None else now or 0.0,
        event=EVENTS[word],
        score=score_of(word, result),
        extra={XAPI: {name: value for name, value in said.items() if value is not None}},
    )
    return Experience(id=id_, interaction=interaction, about=things, is_timed=time is not None)


def is_statement(interaction: Interaction) -> bool:
    """Whether it came as a statement, which tells itself what it is about."""
    said = interaction.extra.get(XAPI)
    return isinstance(said, Mapping) and isinstance(said.get(_ABOUT), str)


def id_of(interaction: Interaction) -> str:
    """The id of a statement that came without one: the same statement has the same again."""
    one = interaction
    return str(uuid5(_OURS, repr((one.learner, one.time, one.event, one.score, one.extra))))


def uuid_in(value: Any, name: str) -> str:
    """A UUID in small letters. Raises RowError."""
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise RowError(f"{name} is {shown(value)}; it must be a UUID")
    return value.lower()


def seconds_in(value: Any, name: str) -> float:
    """Unix seconds of a time; one without a zone is taken for UTC. Raises RowError."""
    try:
        moment = datetime.fromisoformat(value)
        seconds = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (TypeError, ValueError, OverflowError):
        raise RowError(f"{name} is {shown(value)}; write it as 2026-05-04T09:30:00Z") from None
    if seconds < 0:
        raise RowError(f"{name} is {shown(value)}, which is before 1970")
    return seconds


def _voided(raw: Mapping[str, Any]) -> str:
    object_ = raw.get("object")
    if not isinstance(object_, dict) or object_.get("objectType") != "StatementRef":
        raise RowError("what is voided is no StatementRef; name the statement by its id")
    return uuid_in(object_.get("id"), "object.id")


def _time_in(raw: Mapping[str, Any]) -> float | None:
    """When it was (Unix seconds)."""
    for name in ("timestamp", "stored"):
        if (value := raw.get(name)) is not None:
            return seconds_in(value, name)
    return None
