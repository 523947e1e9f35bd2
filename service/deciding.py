"""A curator's word → the ledger."""

import time
from dataclasses import replace

from data.records import Decision, Verdict
from service.parts import Parts
from service.problems import InvalidError


def decide(parts: Parts, decision: Decision, suggestion: str | None) -> Decision:
    """Keep a decision, on the list shown under that id; it is on the disk when this returns.

    Raises InvalidError when the list was never shown, and what `Ledger.decide` raises.
    """
    ledger = parts.catalogue.ledger
    showing = ledger.showing(suggestion) if suggestion else None
    if suggestion and showing is None:
        raise InvalidError("#/suggestion_id", "no suggestions were shown under this id")
    kept = ledger.decide(replace(decision, showing=showing))
    parts.metrics.decisions.labels(decision.verdict.value).inc()
    return kept


def undo(parts: Parts, decision_id: int, curator: str) -> Decision:
    """Withdraw a decision; the undoing is a decision of its own. Raises what `undo` raises."""
    undone = parts.catalogue.ledger.undo(decision_id, curator, time.time())
    parts.metrics.decisions.labels(Verdict.UNDO.value).inc()
    return undone
