"""A curator's word → the ledger."""

import time
from dataclasses import dataclass

from data.records import Decision, RejectionReason, Verdict
from service.parts import Parts
from service.problems import InvalidError


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a curator says of a resource and an outcome, perhaps on a list they were shown."""

    resource: str
    outcome: str
    verdict: Verdict
    reason: RejectionReason | None = None
    note: str = ""
    curator: str
    suggestion: str | None = None


def decide(parts: Parts, word: Word) -> Decision:
    """Keep a decision; it is on the disk when this returns.

    Raises InvalidError when the list was never shown, and what `Ledger.decide` raises.
    """
    ledger = parts.catalogue.ledger
    showing = ledger.showing(word.suggestion) if word.suggestion else None
    if word.suggestion and showing is None:
        raise InvalidError("#/suggestion_id", "no suggestions were shown under this id")
    decision = Decision(
        resource=word.resource,
        outcome=word.outcome,
        verdict=word.verdict,
        reason=word.reason,
        note=word.note,
        curator=word.curator,
        time=time.time(),
        showing=showing,
    )
    kept = ledger.decide(decision)
    parts.metrics.decisions.labels(word.verdict.value).inc()
    return kept


def undo(parts: Parts, decision_id: int, curator: str) -> Decision:
    """Withdraw a decision; the undoing is a decision of its own. Raises what `undo` raises."""
    undone = parts.catalogue.ledger.undo(decision_id, curator, time.time())
    parts.metrics.decisions.labels(Verdict.UNDO.value).inc()
    return undone
