"""One decision inside a transaction: check it, write it, carry it out."""

from dataclasses import replace

from sqlalchemy import Connection, select

from data.catalogue import alignments, auditing, outcomes, queue, showings
from data.catalogue.audit_table import Event
from data.catalogue.tables import decisions, frameworks, resources
from data.errors import ConflictError, GatewaysError, NotFoundError
from data.records import Decision, Verdict


def add_decision(connection: Connection, decision: Decision) -> Decision:
    """Add a decision and return it with its id; see `Ledger.decide` for what it raises."""
    if decision.reason and decision.verdict is not Verdict.REJECT:
        raise GatewaysError(f"reason: only a rejection has one, not {decision.verdict.value!r}")
    outcome = outcomes.found(connection, decision.outcome)
    if decision.verdict is Verdict.UNDO:  # what is gone may still be undone
        if latest_standing(connection, decision.resource, decision.outcome) is None:
            raise ConflictError(
                f"there is no decision on {decision.resource!r} and {decision.outcome!r} to undo"
            )
    else:
        outcomes.check_open(outcome)
        _check_resource(connection, decision)
    decision = replace(
        decision,
        framework_fingerprint=_fingerprint(connection, decision, outcome["framework"]),
    )
    if decision.showing:
        _check_showing(decision)
        showings.keep(connection, [decision.showing])
    decision = replace(decision, id=_insert(connection, decision))
    if decision.verdict is Verdict.ACCEPT:
        alignments.accept(connection, decision)
    else:
        alignments.withdraw(connection, decision)
    queue.recount(connection, [decision.resource])
    return decision


def latest_standing(connection: Connection, resource_id: str, outcome_id: str) -> int | None:
    """Id of the decision on a pair that stands, None if there is none or it was undone."""
    pair = (decisions.c.resource == resource_id) & (decisions.c.outcome == outcome_id)
    newest = select(decisions.c.id, decisions.c.verdict).where(pair)
    row = connection.execute(newest.order_by(decisions.c.id.desc()).limit(1)).first()
    return row.id if row and row.verdict != Verdict.UNDO.value else None


def _check_resource(connection: Connection, decision: Decision) -> None:
    columns = select(resources.c.retired_at).where(resources.c.id == decision.resource)
    row = connection.execute(columns).first()
    if row is None:
        raise NotFoundError(f"resource {decision.resource!r} is not in the catalogue")
    if row.retired_at is not None:
        raise NotFoundError(f"resource {decision.resource!r} was retired; import it again first")


def _check_showing(decision: Decision) -> None:
    shown_for = decision.showing.resource if decision.showing else None
    if shown_for is not None and shown_for != decision.resource:
        raise GatewaysError(
            f"these suggestions were shown for {shown_for!r}, not for {decision.resource!r}"
        )


def _fingerprint(connection: Connection, decision: Decision, framework: str) -> str:
    """The state of the framework that was decided on: as shown, else as it is now."""
    shown = decision.showing.frameworks.get(framework) if decision.showing else None
    if decision.framework_fingerprint or shown:
        return decision.framework_fingerprint or shown or ""
    now = select(frameworks.c.fingerprint).where(frameworks.c.id == framework)
    return str(connection.execute(now).scalar_one())


def _insert(connection: Connection, decision: Decision) -> int:
    values = {
        "resource": decision.resource,
        "outcome": decision.outcome,
        "verdict": decision.verdict.value,
        "reason": decision.reason.value if decision.reason else None,
        "note": decision.note,
        "curator": decision.curator,
        "time": decision.time,
        "showing": decision.showing.id if decision.showing else None,
        "framework_fingerprint": decision.framework_fingerprint,
        "batch": decision.batch,
    }
    inserted = connection.execute(decisions.insert().returning(decisions.c.id), values)
    id_ = int(inserted.scalar_one())
    auditing.note_row(connection, Event.DECISION, values | {"id": id_})
    return id_
