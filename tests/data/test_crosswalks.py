"""Deciding on crosswalks: what waits, what a verdict does, what stands."""

import pytest

from data.errors import ConflictError, GatewaysError, NotFoundError
from data.importing.importer import import_document
from data.records import (
    Correspondence,
    CorrespondenceDecision,
    Match,
    Outcome,
    ProposedCorrespondence,
    Verdict,
)


@pytest.fixture
def two_frameworks(catalogue, document):
    here = [Outcome(id=f"a{n}", framework="f", title=f"Fractions {n}") for n in (1, 2, 3)]
    there = [Outcome(id=f"b{n}", framework="g", title=f"Brüche {n}") for n in (1, 2, 3)]
    import_document(catalogue, document(*here, *there))
    return catalogue


def line(outcome, other, confidence=0.5, match=Match.EXACT, agent="crosswalk", model="m1"):
    return ProposedCorrespondence(
        outcome=outcome,
        other=other,
        match=match,
        confidence=confidence,
        agent=agent,
        model=model,
        time=1.0,
    )


def word(verdict, outcome="a1", other="b1", match=Match.EXACT, time=2.0, curator="ann"):
    return CorrespondenceDecision(
        outcome=outcome, other=other, match=match, verdict=verdict, curator=curator, time=time
    )


LINES = (
    line("a1", "b1", 0.6),
    line("a1", "b2", 0.2, Match.BROADER),
    line("a2", "b2", 0.9),
    line("a3", "b3", 0.6),
)


def pairs(lines):
    return [(one.outcome, one.other) for one in lines]


def stated(catalogue):
    return [(one.outcome, one.other, one.match.value) for one in catalogue.correspondences.live()]


def test_what_is_proposed_waits_outcome_by_outcome_the_surest_first(two_frameworks):
    kept = two_frameworks.crosswalks
    assert kept.propose(LINES) == 4
    assert kept.waiting() == {("f", "g"): 4}
    first = kept.open("f", "g", limit=3)
    assert pairs(first.items) == [("a2", "b2"), ("a1", "b1"), ("a1", "b2")]
    assert first.items[0] == LINES[2]
    assert pairs(kept.open("f", "g", after=first.next).items) == [("a3", "b3")]
    assert kept.open("g", "f").items == []
    assert kept.proposed("a1", "g") == list(LINES[:2])


def test_the_next_outcome_follows_the_one_that_was_decided_and_the_first_follows_the_last(
    two_frameworks,
):
    kept = two_frameworks.crosswalks
    kept.propose(LINES)
    assert kept.next("f", "g") == "a2"
    kept.decide(word(Verdict.DEFER, "a2", "b2"))
    assert kept.next("f", "g", after="a2") == kept.next("f", "g") == "a1"
    assert kept.next("f", "g", after="a3") == "a1"
    for other in ("b1", "b2"):
        kept.decide(word(Verdict.REJECT, other=other))
    assert kept.next("f", "g", after="a3") == kept.next("f", "g") == "a3"
    kept.decide(word(Verdict.REJECT, "a3", "b3"))
    assert kept.next("f", "g", after="a3") is None


def test_the_same_agent_replaces_what_it_proposed_for_these_frameworks_in_either_direction(
    two_frameworks,
):
    kept = two_frameworks.crosswalks
    kept.propose(LINES)
    kept.propose([line("b3", "a3", agent="edition"), line("b1", "a2", agent="edition")])
    assert kept.waiting() == {("f", "g"): 3, ("g", "f"): 2}
    kept.propose([line("b1", "a1")])
    assert kept.waiting() == {("g", "f"): 3}
    kept.forget("crosswalk", "f", "g")
    assert pairs(kept.open("g", "f").items) == [("b1", "a2"), ("b3", "a3")]


def test_a_pair_that_was_spoken_of_in_either_direction_does_not_wait(two_frameworks, document):
    kept = two_frameworks.crosswalks
    kept.decide(word(Verdict.REJECT, "b1", "a1"))
    source = Correspondence(outcome="b2", other="a2", match=Match.RELATED)
    import_document(two_frameworks, document(source, name="e"))
    assert kept.propose(LINES) == 2
    assert pairs(kept.open("f", "g").items) == [("a3", "b3"), ("a1", "b2")]


def test_an_accepted_line_is_stated_by_the_curator_with_the_model_that_proposed_it(two_frameworks):
    kept = two_frameworks.crosswalks
    kept.propose(LINES)
    mark = two_frameworks.teaching_mark()
    decided = kept.decide(word(Verdict.ACCEPT, match=Match.NARROWER))
    assert decided.id == 1
    (made,) = two_frameworks.correspondences.live()
    assert (made.match, made.provenance.agent, made.provenance.model) == ("narrower", "ann", "m1")
    assert two_frameworks.teaching_mark() != mark
    kept.decide(word(Verdict.ACCEPT, "a3", "b1"))
    found = two_frameworks.correspondences.of_outcome("a3")
    assert [one.provenance.model for one in found] == [None]


@pytest.mark.parametrize(
    ("then", "left"),
    [
        (word(Verdict.ACCEPT, match=Match.RELATED), [("a1", "b1", "related")]),
        (word(Verdict.ACCEPT, "b1", "a1", Match.BROADER), [("b1", "a1", "broader")]),
        (word(Verdict.REJECT, "b1", "a1"), []),
        (word(Verdict.DEFER), []),
        (word(Verdict.UNDO, "b1", "a1"), []),
    ],
)
def test_the_latest_word_on_a_pair_is_what_stands(two_frameworks, then, left):
    kept = two_frameworks.crosswalks
    kept.decide(word(Verdict.ACCEPT))
    kept.decide(then)
    assert stated(two_frameworks) == left
    assert len(kept.page().items) == 2


def test_what_a_source_states_stays_whatever_a_curator_says(two_frameworks, document):
    source = Correspondence(outcome="a1", other="b1", match=Match.RELATED)
    import_document(two_frameworks, document(source, name="e"))
    two_frameworks.crosswalks.decide(word(Verdict.REJECT))
    assert stated(two_frameworks) == [("a1", "b1", "related")]


def test_an_undone_line_waits_again_and_the_ledger_keeps_both_words(two_frameworks):
    kept = two_frameworks.crosswalks
    kept.propose(LINES)
    one = kept.decide(word(Verdict.ACCEPT))
    two = kept.decide(word(Verdict.REJECT, "a2", "b2", curator="ben"))
    assert kept.last_of("ann") == kept.standing("b1", "a1") == one
    undone = kept.undo(one.id, "ben", 3.0)
    assert (undone.verdict, undone.match) == (Verdict.UNDO, Match.EXACT)
    assert kept.last_of("ann") is kept.standing("a1", "b1") is None
    assert stated(two_frameworks) == []
    assert kept.waiting() == {("f", "g"): 3}
    first = kept.page(limit=2)
    assert first.items == [undone, two]
    assert kept.page(after=first.next).items == [one]
    with pytest.raises(ConflictError, match="does not stand"):
        kept.undo(one.id, "ann", 4.0)


@pytest.mark.parametrize(
    ("decision", "error", "said"),
    [
        (word(Verdict.ACCEPT, other="none"), NotFoundError, "'none' is not in the catalogue"),
        (word(Verdict.ACCEPT, other="a1"), GatewaysError, "cannot correspond to itself"),
        (word(Verdict.UNDO), ConflictError, "no decision on 'a1' and 'b1' to undo"),
        (word(Verdict.REJECT, other="gone"), NotFoundError, "'gone' was retired"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(two_frameworks, document, decision, error, said):
    gone = Outcome(id="gone", framework="h", title="Gone")
    import_document(two_frameworks, document(gone, name="e"))
    import_document(two_frameworks, document(name="e", empty=(Outcome,)), prune=True)
    with pytest.raises(error, match=said):
        two_frameworks.crosswalks.decide(decision)
    assert two_frameworks.crosswalks.page().items == []


def test_an_unknown_outcome_is_not_proposed_and_nothing_else_is_lost(two_frameworks):
    kept = two_frameworks.crosswalks
    kept.propose(LINES)
    with pytest.raises(NotFoundError, match="'none' is not in the catalogue"):
        kept.propose([line("a1", "none")])
    with pytest.raises(NotFoundError, match="decision 7 is not in the ledger"):
        kept.undo(7, "ann", 1.0)
    assert kept.waiting() == {("f", "g"): 4}


def test_leaving_one_for_later_leads_through_all_that_wait(two_frameworks):
    kept = two_frameworks.crosswalks
    lines = [("a1", "b1", 0.9), ("a1", "b2", 0.3), ("a2", "b3", 0.8), ("a3", "b3", 0.2)]
    kept.propose([line(*one) for one in lines])
    kept.decide(word(Verdict.REJECT, "a1", "b1"))
    met = [kept.next("f", "g")]
    for _ in range(3):
        met.append(kept.next("f", "g", after=met[-1]))
    assert met == ["a2", "a1", "a3", "a2"]


def test_what_waits_between_two_is_counted_as_it_is_for_all(two_frameworks):
    kept = two_frameworks.crosswalks
    assert (kept.propose(LINES), kept.count_waiting("f", "g")) == (4, 4)
    kept.decide(word(Verdict.REJECT))
    assert kept.waiting() == {("f", "g"): kept.count_waiting("f", "g")}
    assert (kept.count_waiting("f", "g"), kept.count_waiting("g", "f")) == (3, 0)
