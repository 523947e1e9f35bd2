"""A curator's word → the ledger."""

import time

from data.records import Decision, Showing, Verdict
from service.access.territory import check_resources
from service.http.problems import InvalidError
from service.parts import Parts


def decide(parts: Parts, decision: Decision) -> Decision:
    """Keep a decision; it is on the disk when this returns.

    Raises what `Ledger.decide` raises, and HTTPException for what is not the asker's to decide.
    """
    check_resources(parts, [decision.resource])
    kept = parts.catalogue.ledger.decide(decision)
    parts.metrics.decisions.labels(decision.verdict.value).inc()
    return kept


def shown_under(parts: Parts, suggestion: str | None) -> Showing | None:
    """The list that was shown under that id. Raises InvalidError when none ever was."""
    showing = parts.catalogue.ledger.showing(suggestion) if suggestion else None
    if suggestion and showing is None:
        raise InvalidError("#/suggestion_id", "no suggestions were shown under this id")
    return showing


def undo(parts: Parts, decision_id: int, curator: str) -> Decision:
    """Withdraw a decision; the undoing is a decision of its own. Raises as `decide` does."""
    decided = parts.catalogue.ledger.get(decision_id)
    check_resources(parts, [decided.resource] if decided else [])
    undone = parts.catalogue.ledger.undo(decision_id, curator, time.time())
    parts.metrics.decisions.labels(Verdict.UNDO.value).inc()
    return undone
