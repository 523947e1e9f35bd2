"""One decision on two outcomes inside a transaction: check it, write it, carry it out."""

from dataclasses import replace

from sqlalchemy import Connection, select

from data.catalogue import auditing, outcomes, succession
from data.catalogue.audit_table import Event
from data.catalogue.crosswalk_tables import decisions, is_pair, proposals
from data.catalogue.rows import entry_of
from data.catalogue.store import raise_stated, upsert
from data.catalogue.tables import LOCAL, correspondences
from data.errors import ConflictError, GatewaysError
from data.records import Correspondence, CorrespondenceDecision, Match, Provenance, Verdict


def add_decision(
    connection: Connection, decision: CorrespondenceDecision
) -> CorrespondenceDecision:
    """Add a decision and return it with its id; see `Crosswalks.decide` for what it raises."""
    succession.check_curator(decision.curator)
    if decision.outcome == decision.other:
        raise GatewaysError(f"outcome {decision.outcome!r} cannot correspond to itself")
    rows = [outcomes.found(connection, id_) for id_ in (decision.outcome, decision.other)]
    if decision.verdict is not Verdict.UNDO:  # what is gone may still be undone
        for row in rows:
            outcomes.check_live(row)
    elif latest_standing(connection, decision.outcome, decision.other) is None:
        raise ConflictError(
            f"there is no decision on {decision.outcome!r} and {decision.other!r} to undo"
        )
    decision = replace(decision, id=_insert(connection, decision))
    _withdraw(connection, decision)
    pairs = ((decision.outcome, decision.other), (decision.other, decision.outcome))
    left = [new for old, new in pairs if succession.unfollow(connection, old, new, decision.time)]
    if decision.verdict is Verdict.ACCEPT:
        _accept(connection, decision)
        if decision.match is Match.SUCCESSOR:
            succession.follow(connection, decision.outcome, decision.other, decision.time)
    for new in left:
        succession.follow_again(connection, new, decision.time)
    raise_stated(connection)
    return decision


def latest_standing(connection: Connection, outcome: str, other: str) -> int | None:
    """Id of the decision on a pair that stands, None if there is none or it was undone."""
    newest = select(decisions.c.id, decisions.c.verdict).where(is_pair(decisions, outcome, other))
    row = connection.execute(newest.order_by(decisions.c.id.desc()).limit(1)).first()
    return row.id if row and row.verdict != Verdict.UNDO.value else None


def _accept(connection: Connection, decision: CorrespondenceDecision) -> None:
    here = is_pair(proposals, decision.outcome, decision.other)
    # What a curator found without the model is not the model's doing.
    model = connection.execute(select(proposals.c.model).where(here).limit(1)).scalar()
    made = Provenance(agent=decision.curator, time=decision.time, model=model)
    line = Correspondence(
        outcome=decision.outcome, other=decision.other, match=decision.match, provenance=made
    )
    upsert(connection, correspondences, [entry_of(line, LOCAL).values])


def _withdraw(connection: Connection, decision: CorrespondenceDecision) -> None:
    """Retire what was made here of the same pair before."""
    made_here = (
        is_pair(correspondences, decision.outcome, decision.other)
        & (correspondences.c.dataset == LOCAL)
        & correspondences.c.retired_at.is_(None)
    )
    retired = correspondences.update().where(made_here).values(retired_at=decision.time)
    connection.execute(retired)


def _insert(connection: Connection, decision: CorrespondenceDecision) -> int:
    values = {
        "outcome": decision.outcome,
        "other": decision.other,
        "match": decision.match.value,
        "verdict": decision.verdict.value,
        "note": decision.note,
        "curator": decision.curator,
        "time": decision.time,
    }
    inserted = connection.execute(decisions.insert().returning(decisions.c.id), values)
    id_ = int(inserted.scalar_one())
    auditing.note_row(connection, Event.CROSSWALK_DECISION, values | {"id": id_})
    return id_
