"""What the page of two editions shows of each change: both texts, and what came of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from data.catalogue import Catalogue
from data.catalogue.inherited import FROM
from data.records import Outcome, Verdict
from models.edition.change import Change, Evidence, Kind
from models.edition.in_catalogue import Compared, proposed
from models.edition.view import counts
from service.web.coverage.differing import Pieces, differing
from service.web.wording import message

CHANGED: Final = "changed"
"""The list of all but what is unchanged."""

SHOWN: Final = 40
KINDS: Final[Mapping[str, str]] = {
    CHANGED: message("All changes"),
    Kind.REWORDED: message("Reworded"),
    Kind.MOVED: message("Moved"),
    Kind.SPLIT: message("Split up"),
    Kind.MERGED: message("Merged"),
    Kind.GONE: message("Gone"),
    Kind.NEW: message("New"),
    Kind.UNCHANGED: message("Unchanged"),
}
EVIDENCE: Final = {
    Evidence.STATED: message("stated by the source"),
    Evidence.ID: message("the same id"),
    Evidence.CODE: message("the same code"),
    Evidence.TEXT: message("the same text"),
    Evidence.PLACE: message("the same place"),
    Evidence.SIMILARITY: message("a similar text"),
    Evidence.PARTS: message("the parts together say the same"),
}


class State(StrEnum):
    """What came of a change."""

    CARRIED = "carried"
    DECIDED = "decided"
    REFUSED = "refused"
    WAITING = "waiting"
    READY = "ready"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An outcome of one edition, its text in pieces of which some differ from the other's."""

    outcome: Outcome
    pieces: Pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A change with both sides, what came of it, and how many alignments went over."""

    change: Change
    before: Sequence[Line]
    after: Sequence[Line]
    state: State
    alignments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """One page of the changes of a kind, and the numbers of all of them.

    `carried` is how many alignments went over, None before anything did; `waiting` how many lines a
    curator is asked about, and `ready` how many would be followed without that.
    """

    numbers: Sequence[tuple[str, int]]
    rows: Sequence[Row]
    total: int
    carried: int | None
    ready: int
    waiting: int


def editions_view(catalogue: Catalogue, found: Compared, kind: str, start: int) -> Editions:
    """The changes of a kind from `start` on, and what came of all of them."""
    two = (found.old.id, found.new.id)
    gone_over = Counter(
        (str(one.extra.get(FROM)), one.outcome) for one in catalogue.editions.carried(*two)
    )
    followed = catalogue.editions.followed(*two)
    wanted = [change for change in found.changes if _is_listed(change, kind)]
    return Editions(
        numbers=_numbers(found),
        rows=[
            _row(found, change, _state(catalogue, found, change, followed), gone_over)
            for change in wanted[start : start + SHOWN]
        ],
        total=len(wanted),
        carried=sum(gone_over.values()) if followed or gone_over else None,
        ready=sum(len(change.pairs) for change in found.changes if change.carries),
        waiting=catalogue.crosswalks.count_waiting(*two) if followed else len(proposed(found, 0.0)),
    )


def _numbers(found: Compared) -> list[tuple[str, int]]:
    there = {kind: all_ for kind, (all_, _) in counts(found).items()}
    changed = sum(there.values()) - there[Kind.UNCHANGED]
    return [(CHANGED, changed), *((kind, there[Kind(kind)]) for kind in KINDS if kind != CHANGED)]


def _is_listed(change: Change, kind: str) -> bool:
    return change.kind is not Kind.UNCHANGED if kind == CHANGED else change.kind.value == kind


def _state(
    catalogue: Catalogue, found: Compared, change: Change, followed: Collection[tuple[str, str]]
) -> State:
    pairs = change.pairs
    if any(pair in found.decided for pair in pairs):
        return State.DECIDED
    if not pairs or (not change.carries and Evidence.STATED in change.evidence):
        return State.NOTHING
    verdicts = [catalogue.crosswalks.standing(*pair) for pair in pairs]
    if all(found and found.verdict is Verdict.REJECT for found in verdicts):
        return State.REFUSED
    if not change.carries:
        return State.WAITING
    return State.CARRIED if all(pair in followed for pair in pairs) else State.READY


def _row(found: Compared, change: Change, state: State, gone_over: Counter[tuple[str, str]]) -> Row:
    before = [found.outcomes[name] for name in change.old]
    after = [found.outcomes[name] for name in change.new]
    ours, theirs = " ".join(map(_said, before)), " ".join(map(_said, after))
    return Row(
        change=change,
        before=[_line(one, theirs, is_old=True) for one in before],
        after=[_line(one, ours, is_old=False) for one in after],
        state=state,
        alignments=sum(gone_over[pair] for pair in change.pairs),
    )


def _line(outcome: Outcome, other: str, *, is_old: bool) -> Line:
    """The text as it differs from what is on the other side; alone, it differs in nothing."""
    if not other:
        return Line(outcome=outcome, pieces=[(_said(outcome), False)])
    before, after = differing(*((_said(outcome), other) if is_old else (other, _said(outcome))))
    return Line(outcome=outcome, pieces=before if is_old else after)


def _said(outcome: Outcome) -> str:
    return " — ".join(filter(None, (outcome.title, outcome.description)))
