"""What several curators said of one pair."""

from data.records import Decision, Verdict


def say(catalogue, curator, verdict, outcome="a", resource="r2", **more):
    said = Decision(
        resource=resource, outcome=outcome, verdict=verdict, curator=curator, time=1.0, **more
    )
    return catalogue.ledger.decide(said)


def test_each_curators_last_verdict_counts_and_undone_and_put_off_ones_do_not(small):
    say(small, "ann", Verdict.REJECT)
    say(small, "ann", Verdict.ACCEPT)
    assert small.agreement.shared() == []
    say(small, "bo", Verdict.REJECT)
    (shared,) = small.agreement.shared()
    assert shared.verdicts == {"ann": Verdict.ACCEPT, "bo": Verdict.REJECT}
    assert shared.differ
    last = say(small, "bo", Verdict.ACCEPT)
    assert not small.agreement.shared()[0].differ
    small.ledger.undo(last.id, "bo", 2.0)
    assert small.agreement.shared() == []
    say(small, "cy", Verdict.DEFER)
    assert small.agreement.shared() == []


def test_a_third_curator_settles_it(small):
    say(small, "ann", Verdict.ACCEPT)
    say(small, "bo", Verdict.REJECT)
    say(small, "cy", Verdict.REJECT)
    assert not small.agreement.shared()[0].differ


def test_a_second_opinion_is_wanted_where_one_other_decided(small):
    assert small.agreement.wanting("bo", 5.0) is None
    say(small, "ann", Verdict.ACCEPT)
    assert small.agreement.wanting("ann", 5.0) is None
    assert small.agreement.wanting("bo", 5.0) == "r2"
    assert small.agreement.of_others("r2", "bo") == {"a"}
    assert small.agreement.wanting("bo", 5.0, after="r2") is None
    small.claims.take("r2", "cy", 4.0, 10.0)
    assert small.agreement.wanting("bo", 5.0) is None
    assert small.agreement.wanting("cy", 5.0) == "r2"
    say(small, "bo", Verdict.REJECT)
    assert small.agreement.wanting("cy", 5.0) is None


def test_what_was_accepted_with_many_at_once_is_nobodys_opinion(small):
    say(small, "ann", Verdict.ACCEPT, batch="x")
    assert small.agreement.wanting("bo", 5.0) is None
