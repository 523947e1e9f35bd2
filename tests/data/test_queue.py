"""The curators' queue: what is open, in which order, and who gets what."""

import pytest
from sqlalchemy import event

from data.catalogue.queued import Proposal, Queued, QueueFilter, QueueOrder
from data.importing.importer import import_document
from data.records import Decision, Outcome, Resource, Verdict

NAMES = ("clear", "open", "same", "far")


def queued(resource, *proposals, index="i1", uncertainty=0.5, reach=0.5, subject=None):
    return Queued(
        resource=resource,
        index=index,
        framework="f",
        subject=subject,
        language="en",
        uncertainty=uncertainty,
        reach=reach,
        proposals=tuple(
            Proposal(outcome=outcome, confidence=confidence, selected=True)
            for outcome, confidence in proposals
        ),
    )


@pytest.fixture
def filled(catalogue, document):
    """Four resources; the queue of index i1 has them in the order open, far, same, clear."""
    outcomes = [Outcome(id=name, framework="f", title=name) for name in ("a", "b")]
    resources = [Resource(id=name, title=name) for name in NAMES]
    import_document(catalogue, document(*outcomes, *resources))
    catalogue.queue.put(
        [
            queued("clear", ("a", 0.99), uncertainty=0.1, subject="maths"),
            queued("open", ("a", 0.6), ("b", 0.5), uncertainty=1.0, subject="art"),
            queued("same", ("a", 0.7), uncertainty=0.9),
            queued("far", ("b", 0.6), uncertainty=0.9, reach=0.4),
        ]
    )
    catalogue.queue.rank()
    return catalogue


def decide(catalogue, resource, outcome, verdict=Verdict.ACCEPT, curator="ann"):
    said = Decision(resource=resource, outcome=outcome, verdict=verdict, curator=curator, time=1.0)
    return catalogue.ledger.decide(said)


def in_order(catalogue, curator="ann", **asked):
    found, last = [], None
    while (name := catalogue.queue.next(curator, 10.0, after=last, **asked)) not in (None, *found):
        found.append(name)
        last = name
    return found


def test_what_is_missing_is_told_from_an_id_and_from_a_revision_on(filled):
    before = filled.revision()
    filled.resources.create(Resource(id="new", title="New"))
    assert filled.queue.missing("i1", 9) == ["new"]
    assert filled.queue.missing("i2", 2, after="far") == ["new", "open"]
    assert filled.queue.missing("i2", 9, since=before) == ["new"]
    assert filled.queue.missing("i2", 9, since=before, after="new") == []
    assert filled.queue.missing("i2", 9, since=filled.revision()) == []


def test_what_teaches_most_comes_first_and_the_second_for_one_outcome_counts_half(filled):
    assert in_order(filled) == ["open", "far", "same", "clear"]


def test_what_stays_in_its_place_is_not_written_again(filled):
    written = []

    def note(connection, cursor, statement, *_):
        if statement.startswith("UPDATE queue"):
            written.append(cursor.rowcount)

    event.listen(filled._store._engine, "after_cursor_execute", note)
    filled.queue.rank()
    assert sum(written) == 0
    filled.queue.put([queued("clear", ("b", 0.5), uncertainty=1.0, reach=1.0)])
    written.clear()
    filled.queue.rank()
    assert in_order(filled)[0] == "clear"
    assert 0 < sum(written) <= 4


def test_after_the_last_comes_the_first_again(filled):
    assert filled.queue.next("ann", 10.0, after="clear") == "open"
    assert filled.queue.next("ann", 10.0, after="not there") == "open"


def test_other_orders_are_by_confidence_and_by_subject(filled):
    assert in_order(filled, order=QueueOrder.CONFIDENCE)[0] == "clear"
    assert in_order(filled, order=QueueOrder.SUBJECT) == ["far", "same", "open", "clear"]


def test_filters_hold_and_tell_what_there_is_to_choose(filled):
    maths = QueueFilter(subject="maths")
    assert in_order(filled, only=maths) == ["clear"]
    assert filled.queue.waiting(maths) == 1
    choices = filled.queue.choices()
    assert choices["subject"] == {"maths": 1, "art": 1}
    assert choices["framework"] == {"f": 4}


def test_a_resource_leaves_when_all_is_decided_and_comes_back_when_it_is_undone(filled):
    decide(filled, "open", "a")
    assert [one.outcome for one in filled.queue.proposed("open")] == ["b"]
    assert "open" in in_order(filled)
    last = decide(filled, "open", "b", Verdict.REJECT)
    assert "open" not in in_order(filled)
    assert filled.queue.waiting() == 3
    filled.ledger.undo(last.id, "ann", 2.0)
    assert "open" in in_order(filled)


def test_a_claim_is_renewed_by_who_has_it_and_nobody_else(filled):
    filled.claims.take("open", "bo", now=5.0, seconds=10.0)
    filled.claims.renew("open", "ann", now=12.0, seconds=10.0)
    assert filled.claims.active(16.0) == {}
    filled.claims.renew("open", "bo", now=16.0, seconds=10.0)
    filled.claims.renew("far", "bo", now=16.0, seconds=10.0)
    assert filled.claims.active(25.0) == {"open": "bo"}


def test_what_another_curator_has_claimed_is_passed_over_until_the_claim_is_over(filled):
    assert filled.claims.take("open", "bo", now=5.0, seconds=10.0) == "bo"
    assert filled.claims.take("open", "ann", now=6.0, seconds=10.0) == "bo"
    assert in_order(filled)[0] == "far"
    assert in_order(filled, curator="bo")[0] == "open"
    assert filled.claims.active(10.0) == {"open": "bo"}
    assert filled.queue.next("ann", 16.0) == "open"
    assert filled.claims.take("open", "ann", now=16.0, seconds=10.0) == "ann"


def test_who_takes_another_gives_back_what_they_had(filled):
    filled.claims.take("open", "bo", now=5.0, seconds=10.0)
    filled.claims.take("far", "bo", now=6.0, seconds=10.0)
    assert in_order(filled)[0] == "open"


def test_proposals_above_a_confidence_come_with_the_least_sure_first(filled):
    found = filled.queue.above(0.6)
    assert [(name, one.outcome) for name, one in found] == [
        ("far", "b"),
        ("open", "a"),
        ("same", "a"),
        ("clear", "a"),
    ]
    assert filled.queue.above(0.6, QueueFilter(subject="maths")) == found[-1:]


def test_what_an_index_has_not_seen_is_missing_and_replaced_when_it_has(filled):
    assert filled.queue.missing("i1", 10) == []
    assert filled.queue.missing("i2", 2) == ["clear", "far"]
    filled.queue.put([queued("clear", ("b", 0.3), index="i2"), queued("far", index="i2")])
    assert filled.queue.prepared("i2") == (2, 4)
    assert [one.outcome for one in filled.queue.proposed("clear")] == ["b"]
    assert filled.queue.proposed("far") == []
    assert "far" not in in_order(filled)


def test_what_a_source_states_or_was_decided_before_is_not_asked(small):
    decide(small, "r2", "a", Verdict.REJECT)
    small.queue.put([queued("r1", ("b", 0.9)), queued("r2", ("a", 0.8))])
    assert small.queue.waiting() == 0


def test_a_retired_resource_is_not_asked_about(filled, document):
    outcomes = [Outcome(id=name, framework="f", title=name) for name in ("a", "b")]
    left = [Resource(id=name, title=name) for name in NAMES if name != "open"]
    import_document(filled, document(*outcomes, *left), prune=True)
    assert in_order(filled) == ["far", "same", "clear"]


def test_decisions_made_at_once_are_all_kept_or_none_and_undone_together(filled):
    many = [
        Decision(
            resource=name, outcome="a", verdict=Verdict.ACCEPT, curator="ann", time=1.0, batch="x"
        )
        for name in ("clear", "same")
    ]
    with pytest.raises(Exception, match="nowhere"):
        filled.ledger.decide_all([many[0], Decision(**_but(many[1], resource="nowhere"))])
    assert list(filled.ledger.all()) == []
    filled.ledger.decide_all(many)
    assert filled.ledger.batch("x") == 2
    assert filled.ledger.last_of("ann") is None
    decide(filled, "same", "a", Verdict.REJECT, "bo")
    assert filled.ledger.batch("x") == 1
    assert filled.ledger.undo_batch("x", "ann", 3.0) == 1
    assert filled.ledger.standing("clear") == {}
    assert filled.ledger.standing("same")["a"].curator == "bo"
    with pytest.raises(Exception, match="not in the ledger"):
        filled.ledger.undo_batch("y", "ann", 3.0)


def _but(decision, **changed):
    names = ("resource", "outcome", "verdict", "curator", "time", "batch")
    return {name: getattr(decision, name) for name in names} | changed


def test_the_last_decision_of_a_curator_is_the_newest_that_stands(filled):
    first = decide(filled, "open", "a")
    second = decide(filled, "open", "b")
    assert filled.ledger.last_of("ann") == second
    filled.ledger.undo(second.id, "ann", 2.0)
    assert filled.ledger.last_of("ann") == first
    assert filled.ledger.made_since("ann", 0.0) == 1
    assert filled.ledger.made_since("ann", 5.0) == 0
    assert filled.ledger.last_of("bo") is None
