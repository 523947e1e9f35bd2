"""Two editions in the catalogue → what became of each outcome, and what is carried over."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.catalogue import Catalogue
from data.catalogue.inherited import DECIDED, Succession
from data.catalogue.succession import Carried
from data.errors import GatewaysError, NotFoundError
from data.records import Framework, Match, Outcome, ProposedCorrespondence
from models.edition.change import Change, Evidence, Kind
from models.edition.compare import compare
from models.edition.texts import edition_texts
from models.encoder import Encoder, Progress

PROPOSER = "edition"
SAME = {Kind.UNCHANGED, Kind.MOVED}
"""What says the same as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two editions with the outcomes of both by their ids, and what became of them.

    `decided` are the pairs of which a curator said that the one follows the other, `model` is the
    encoder's fingerprint.
    """

    old: Framework
    new: Framework
    outcomes: Mapping[str, Outcome]
    changes: Sequence[Change]
    decided: frozenset[tuple[str, str]]
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """What was carried over, and how many lines wait for a curator."""

    carried: Carried
    waiting: int


def compare_editions(
    catalogue: Catalogue, old: str, new: str, encoder: Encoder, progress: Progress | None = None
) -> Compared:
    """Compare two frameworks as editions of one.

    Raises NotFoundError for one that is not there or has no outcomes, GatewaysError for one with
    itself.
    """
    if old == new:
        raise GatewaysError(f"framework {old!r}: name two editions of it, the older one first")
    frameworks = [_framework(catalogue, name) for name in (old, new)]
    before, after = (_outcomes(catalogue, name) for name in (old, new))
    vectors = encoder.encode(edition_texts(before) + edition_texts(after), progress)
    changes = compare(
        before,
        after,
        (vectors[: len(before)], vectors[len(before) :]),
        catalogue.editions.stated(old, new),
    )
    return Compared(
        old=frameworks[0],
        new=frameworks[1],
        outcomes={outcome.id: outcome for outcome in (*before, *after)},
        changes=changes,
        decided=frozenset(
            (line.outcome, line.other) for line in catalogue.editions.decided(old, new)
        ),
        model=encoder.fingerprint,
    )


def carry_over(catalogue: Catalogue, found: Compared, *, rehearsal: bool = False) -> CarriedOver:
    """Carry over what is sure or decided, and have curators look at the rest.

    A rehearsal tells what would be; nothing is left of it.
    """
    now = time.time()
    lines = successions(found)
    old, new = found.old.id, found.new.id
    proposals = proposed(found, now)
    if rehearsal:
        carried, waiting = catalogue.editions.rehearse(old, new, lines, now, proposals)
        return CarriedOver(carried=carried, waiting=waiting)
    carried = catalogue.editions.carry(old, new, lines, now)
    catalogue.crosswalks.forget(PROPOSER, old, new)
    return CarriedOver(carried=carried, waiting=catalogue.crosswalks.propose(proposals))


def successions(found: Compared) -> list[Succession]:
    """The lines along which everything is carried over: sure ones, and those decided."""
    told = {pair: change for change in found.changes for pair in change.pairs}
    sure = [_line(one, pair) for pair, one in told.items() if one.carries]
    same = {pair for pair, one in told.items() if one.kind in SAME}
    decided = [
        Succession(old=pair[0], new=pair[1], why=(DECIDED,), confidence=1.0, same_text=pair in same)
        for pair in sorted(found.decided)
    ]
    return [line for line in sure if (line.old, line.new) not in found.decided] + decided


def proposed(found: Compared, now: float) -> list[ProposedCorrespondence]:
    """The lines that a curator is asked about, of outcomes that a resource can be aligned to."""
    return [
        ProposedCorrespondence(
            outcome=old,
            other=new,
            match=Match.SUCCESSOR,
            confidence=change.confidence,
            agent=PROPOSER,
            model=found.model,
            time=now,
        )
        for change in found.changes
        if not change.carries and Evidence.STATED not in change.evidence
        for old, new in change.pairs
        if found.outcomes[old].assignable and found.outcomes[new].assignable
    ]


def _line(change: Change, pair: tuple[str, str]) -> Succession:
    return Succession(
        old=pair[0],
        new=pair[1],
        why=(change.kind.value, *(one.value for one in change.evidence)),
        confidence=change.confidence,
        same_text=change.kind in SAME,
    )


def _framework(catalogue: Catalogue, name: str) -> Framework:
    found = catalogue.frameworks.get(name)
    if found is None:
        raise NotFoundError(f"framework {name!r} is not in the catalogue; import it first")
    return found


def _outcomes(catalogue: Catalogue, framework: str) -> list[Outcome]:
    found = catalogue.outcomes.live(framework)
    if not found:
        raise NotFoundError(f"framework {framework!r} has no outcomes; import it again")
    return found
