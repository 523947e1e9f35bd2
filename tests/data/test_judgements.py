"""Verdicts as a report counts them."""

from data.catalogue.judgements import Concord
from data.records import Decision, RejectionReason, Showing, ShownSuggestion, Verdict

SHOWING = Showing(
    id="s", resource="r2", time=1.0, model="m", index="i", frameworks={"f": "before"},
    shown=(ShownSuggestion(outcome="b", rank=1, score=0.9, confidence=0.8, selected=True),),
)  # fmt: skip


def say(catalogue, curator, verdict, outcome="b", **more):
    said = Decision(
        resource="r2", outcome=outcome, verdict=verdict, curator=curator, time=1.0, **more
    )
    return catalogue.ledger.decide(said)


def test_only_what_stands_is_told_with_the_confidence_that_was_shown(small):
    say(small, "ann", Verdict.ACCEPT, showing=SHOWING)
    say(small, "ann", Verdict.REJECT, showing=SHOWING, reason=RejectionReason.QUALITY)
    say(small, "ann", Verdict.DEFER, outcome="a")
    (said,) = small.judgements.standing()
    assert (said.dataset, said.language, said.accepted) == ("d", "en", False)
    assert (said.reason, said.confidence) == (RejectionReason.QUALITY, 0.8)
    assert (said.in_bulk, said.is_present) == (False, False)
    say(small, "ann", Verdict.UNDO)
    assert list(small.judgements.standing()) == []


def test_what_was_not_shown_has_no_confidence_and_what_was_is_of_the_framework_as_shown(small):
    say(small, "ann", Verdict.ACCEPT, outcome="a", showing=SHOWING)
    say(small, "ann", Verdict.ACCEPT, batch="many")
    other, many = small.judgements.standing()
    assert (other.confidence, other.is_present, other.in_bulk) == (None, False, False)
    assert (many.confidence, many.is_present, many.in_bulk) == (None, True, True)


def test_concord_is_of_pairs_on_which_several_spoke_for_themselves(small):
    assert small.judgements.concords() == []
    say(small, "ann", Verdict.ACCEPT)
    say(small, "bo", Verdict.REJECT, batch="many")
    assert small.judgements.concords() == []
    say(small, "bo", Verdict.ACCEPT)
    say(small, "ann", Verdict.ACCEPT, outcome="a")
    say(small, "bo", Verdict.REJECT, outcome="a")
    assert small.judgements.concords() == [Concord(dataset="d", pairs=2, alike=1)]
