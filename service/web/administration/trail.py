"""Who did what, gathered from every place where it is kept, the newest first."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from data.catalogue import Catalogue
from data.catalogue.audit_table import Event
from data.catalogue.keys import Key
from data.catalogue.trail import Corresponded, Decided
from data.json_text import parsed
from data.records import Erasure, Verdict
from data.workspace import Workspace
from models.bundles.released import Change, history
from service.jobs.jobs import Job, Jobs
from service.parts import Parts

MOST_NOTED: Final = 10_000
"""Entries that are looked through for those of one person, who is not named in them."""


class Kind(StrEnum):
    """What a line of the trail is about."""

    DECISION = "decision"
    UNDO = "undo"
    CROSSWALK = "crosswalk"
    ERASURE = "erasure"
    MODEL = "model"
    JOB = "job"
    KEY = "key"
    IMPORT = "import"
    SOURCE = "source"
    PLATFORM = "platform"
    INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """A key was made or, if so, revoked."""

    key: Key
    is_revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An entry of the audit trail: what it is `about`, and what it `said` of that."""

    about: str
    said: Mapping[str, Any]


NOTED: Final = {
    Kind.IMPORT: Event.IMPORT,
    Kind.SOURCE: Event.SOURCE,
    Kind.PLATFORM: Event.PLATFORM,
    Kind.INDEX: Event.INDEX,
}
"""What the audit trail alone tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was done: when (Unix seconds), by whom where that is known, and what."""

    kind: Kind
    time: float
    who: str | None
    what: Decided | Corresponded | Erasure | Change | Job | KeyChange | Noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """One page of the trail, and whether there is another."""

    lines: list[Line]
    is_more: bool


def trail(parts: Parts, kind: Kind | None, who: str | None, skip: int, most: int) -> Lines:
    """A page of the trail: `most` lines after the first `skip`, of one kind or person or of all."""
    last = skip + most + 1  # one more tells whether there is a next page
    sources = [
        _decisions(parts.catalogue, kind, who, last),
        _crosswalks(parts.catalogue, kind, who, last),
        *(lines for of, lines in _others(parts) if kind in (None, of)),
        *(_noted(parts.catalogue, of, who, last) for of in NOTED if kind in (None, of)),
    ]
    found = heapq.merge(*(_of(lines, who) for lines in sources), key=lambda line: -line.time)
    lines = list(islice(found, skip, last))
    return Lines(lines=lines[:most], is_more=len(lines) > most)


def _of(lines: Iterable[Line], who: str | None) -> list[Line]:
    """Those of one person, the newest first."""
    mine = (line for line in lines if who in (None, line.who))
    return sorted(mine, key=lambda line: -line.time)


def _decisions(
    catalogue: Catalogue, kind: Kind | None, who: str | None, most: int
) -> Iterator[Line]:
    wanted = [
        verdict
        for verdict in Verdict
        if kind in (None, Kind.UNDO if verdict is Verdict.UNDO else Kind.DECISION)
    ]
    for found in catalogue.trail.decided(wanted, curator=who, most=most) if wanted else []:
        of = Kind.UNDO if found.verdict is Verdict.UNDO else Kind.DECISION
        yield Line(kind=of, time=found.time, who=found.curator, what=found)


def _crosswalks(
    catalogue: Catalogue, kind: Kind | None, who: str | None, most: int
) -> Iterator[Line]:
    if kind in (None, Kind.CROSSWALK):
        for found in catalogue.trail.corresponded(curator=who, most=most):
            yield Line(kind=Kind.CROSSWALK, time=found.time, who=found.curator, what=found)


def _others(parts: Parts) -> Iterator[tuple[Kind, Iterator[Line]]]:
    catalogue, workspace = parts.catalogue, Workspace(parts.settings.home)
    yield (
        Kind.ERASURE,
        (
            Line(kind=Kind.ERASURE, time=found.time, who=found.agent, what=found)
            for found in catalogue.learners.erasures()
        ),
    )
    yield (
        Kind.MODEL,
        (
            Line(
                kind=Kind.MODEL,
                time=datetime.fromisoformat(found.time).timestamp(),
                who=None,
                what=found,
            )
            for found in history(workspace.models)
        ),
    )
    yield (
        Kind.JOB,
        (
            Line(kind=Kind.JOB, time=found.started, who=found.by, what=found)
            for found in Jobs(parts.settings.home).all()
        ),
    )
    yield Kind.KEY, _key_changes(catalogue)


def _noted(catalogue: Catalogue, kind: Kind, who: str | None, most: int) -> Iterator[Line]:
    """What the trail keeps without a name: whose key it was is looked up."""
    names = {key.id: key.name for key in catalogue.keys.all()}
    everything = most if who is None else MOST_NOTED
    for found in catalogue.audit.latest([NOTED[kind]], everything):
        said = parsed(found.said)
        told = Noted(about=found.about, said=said)
        yield Line(kind=kind, time=found.time, who=names.get(said.get("by", "")), what=told)


def _key_changes(catalogue: Catalogue) -> Iterator[Line]:
    for key in catalogue.keys.all():
        made = KeyChange(key=key, is_revoked=False)
        yield Line(kind=Kind.KEY, time=key.created, who=key.made_by, what=made)
        if key.revoked is not None:
            ended = KeyChange(key=key, is_revoked=True)
            yield Line(kind=Kind.KEY, time=key.revoked, who=key.revoked_by, what=ended)
