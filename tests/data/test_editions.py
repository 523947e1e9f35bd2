"""What is said of an outcome goes over to its successor, once, and gives way to curators."""

import pytest

from data.catalogue.inherited import Succession
from data.catalogue.queued import Proposal, Queued
from data.errors import GatewaysError
from data.importing.importer import import_document
from data.records import (
    Alignment,
    Correspondence,
    CorrespondenceDecision,
    Decision,
    Match,
    Outcome,
    ProposedCorrespondence,
    Relation,
    Resource,
    Split,
    Verdict,
)

LINES = (
    Succession(old="a1", new="b1", why=("unchanged", "text"), confidence=0.999, same_text=True),
    Succession(old="a2", new="b2", why=("reworded",), confidence=0.99),
)


@pytest.fixture
def two_editions(catalogue, document):
    import_document(
        catalogue,
        document(
            *(
                Outcome(id=f"{letter}{number}", framework=framework, title=f"Fractions {number}")
                for letter, framework in (("a", "f-2024"), ("b", "f-2026"))
                for number in (1, 2, 3)
            ),
            Resource(id="r1", title="Pizza"),
            Resource(id="r2", title="Cake"),
            Alignment(resource="r1", outcome="a1", split=Split.TEST),
            Alignment(resource="r1", outcome="a2", relation=Relation.ASSESSES),
            Alignment(resource="r2", outcome="a3"),
        ),
    )
    return catalogue


def carried(catalogue):
    found = catalogue.editions.carried("f-2024", "f-2026")
    return sorted((one.resource, one.outcome, one.relation.value) for one in found)


def decide(catalogue, verdict, resource, outcome, curator="ann"):
    catalogue.ledger.decide(
        Decision(resource=resource, outcome=outcome, verdict=verdict, curator=curator, time=3.0)
    )


def judge(catalogue, verdict, old="a3", new="b3", curator="ann"):
    return catalogue.crosswalks.decide(
        CorrespondenceDecision(
            outcome=old,
            other=new,
            match=Match.SUCCESSOR,
            verdict=verdict,
            curator=curator,
            time=4.0,
        )
    )


def test_alignments_go_over_with_where_they_are_from_and_never_as_a_curators_word(two_editions):
    done = two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    assert (done.lines, done.alignments, done.rejections, done.withdrawn) == (2, 2, 0, 0)
    assert carried(two_editions) == [("r1", "b1", "teaches"), ("r1", "b2", "assesses")]
    (found,) = two_editions.alignments.of_outcome("b1")
    assert (found.provenance.agent, found.provenance.time) == ("edition:f-2024", 5.0)
    assert (found.split, found.extra["from"], found.extra["why"]) == (
        Split.TEST,
        "a1",
        "unchanged, text",
    )
    assert two_editions.editions.newer() == {"f-2024": ("f-2026",)}
    assert two_editions.editions.successors("a1") == ["b1"]


def test_the_same_again_changes_nothing_and_a_rehearsal_leaves_nothing(two_editions):
    editions = two_editions.editions
    assert editions.rehearse("f-2024", "f-2026", LINES, 5.0)[0].alignments == 2
    assert carried(two_editions) == []
    editions.carry("f-2024", "f-2026", LINES, 5.0)
    mark, before = two_editions.teaching_mark(), editions.carried("f-2024", "f-2026")
    again = editions.carry("f-2024", "f-2026", LINES, 6.0)
    assert (again.lines, again.alignments, again.rejections, again.withdrawn) == (0, 0, 0, 0)
    assert (two_editions.teaching_mark(), editions.carried("f-2024", "f-2026")) == (mark, before)


def test_harvesters_and_the_queue_learn_of_what_goes_over_and_of_what_is_taken_back(two_editions):
    two_editions.queue.put(
        [
            Queued(
                resource="r1",
                index="i",
                framework="f-2026",
                subject=None,
                language=None,
                proposals=(Proposal(outcome="b1", confidence=0.5, selected=True),),
                uncertainty=1.0,
                reach=1.0,
            )
        ]
    )

    def known():
        return two_editions.changes.of("r1").changed, two_editions.queue.waiting()

    before = known()
    two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    carried_over = known()
    two_editions.editions.carry("f-2024", "f-2026", (), 6.0)
    taken_back = known()
    assert before[0] < carried_over[0] < taken_back[0]
    assert [waiting for _, waiting in (before, carried_over, taken_back)] == [1, 0, 1]


def test_a_rehearsal_counts_as_waiting_what_would_be_open_and_proposes_nothing(two_editions):
    judge(two_editions, Verdict.REJECT, "a1", "b3")
    proposals = [
        ProposedCorrespondence(
            outcome=old,
            other=new,
            match=Match.SUCCESSOR,
            confidence=0.6,
            agent="edition",
            model="m",
            time=5.0,
        )
        for old, new in (("a1", "b3"), ("a2", "b2"), ("a3", "b3"))
    ]
    _, waiting = two_editions.editions.rehearse("f-2024", "f-2026", LINES, 5.0, proposals)
    assert (waiting, two_editions.crosswalks.waiting()) == (1, {})
    two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    assert two_editions.crosswalks.propose(proposals) == waiting


def test_what_does_not_follow_any_more_is_taken_back(two_editions):
    editions = two_editions.editions
    editions.carry("f-2024", "f-2026", LINES, 5.0)
    assert editions.carry("f-2024", "f-2026", LINES[:1], 6.0).withdrawn == 2
    assert carried(two_editions) == [("r1", "b1", "teaches")]
    assert editions.followed("f-2024", "f-2026") == {("a1", "b1")}


def test_a_curators_word_on_a_pair_is_not_touched(two_editions):
    decide(two_editions, Verdict.REJECT, "r1", "b1")
    decide(two_editions, Verdict.ACCEPT, "r2", "b2")
    two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    assert carried(two_editions) == [("r1", "b2", "assesses")]
    agents = {one.provenance.agent for one in two_editions.alignments.of_resource("r2")}
    assert agents == {"dataset:d", "ann"}
    decide(two_editions, Verdict.ACCEPT, "r1", "b1")
    (found,) = two_editions.alignments.of_outcome("b1")
    assert found.provenance.agent == "ann"


@pytest.mark.parametrize("say", [decide, judge])
def test_no_curator_can_be_named_like_an_edition(two_editions, say):
    ids = ("r2", "b1") if say is decide else ("a3", "b3")
    with pytest.raises(GatewaysError, match="is an edition's, not a person's"):
        say(two_editions, Verdict.ACCEPT, *ids, curator="edition:f-2024")
    assert list(two_editions.ledger.all()) == []
    say(two_editions, Verdict.ACCEPT, *ids, curator="Edith")


def test_a_rejection_goes_over_where_the_text_is_the_same_and_nothing_was_said_yet(two_editions):
    for outcome in ("a1", "a2"):
        decide(two_editions, Verdict.REJECT, "r2", outcome)
    done = two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    assert done.rejections == 1
    (found,) = [one for one in two_editions.ledger.all() if one.outcome == "b1"]
    assert (found.verdict, found.curator) == (Verdict.REJECT, "edition:f-2024")
    decide(two_editions, Verdict.UNDO, "r2", "b1")
    assert two_editions.editions.carry("f-2024", "f-2026", LINES, 6.0).rejections == 0


def standing(catalogue, resource, outcome):
    found = catalogue.ledger.standing(resource).get(outcome)
    return found and (found.verdict, found.curator)


def test_a_rejection_that_went_over_is_taken_back_with_the_one_it_follows_from(two_editions):
    decide(two_editions, Verdict.REJECT, "r2", "a1")
    carry = two_editions.editions.carry
    carry("f-2024", "f-2026", LINES, 5.0)
    decide(two_editions, Verdict.UNDO, "r2", "a1")
    assert carry("f-2024", "f-2026", LINES, 6.0).withdrawn == 1
    assert standing(two_editions, "r2", "b1") is None
    decide(two_editions, Verdict.ACCEPT, "r2", "a1")
    carry("f-2024", "f-2026", LINES, 7.0)
    assert ("r2", "b1", "teaches") in carried(two_editions)
    decide(two_editions, Verdict.REJECT, "r2", "a1")
    done = carry("f-2024", "f-2026", LINES, 8.0)
    assert (done.withdrawn, done.rejections) == (1, 1)
    assert standing(two_editions, "r2", "b1") == (Verdict.REJECT, "edition:f-2024")


def test_a_rejection_that_went_over_gives_way_to_an_alignment_that_goes_over(two_editions):
    decide(two_editions, Verdict.REJECT, "r2", "a1")
    merged = (*LINES, Succession(old="a3", new="b1", why=("merged",), confidence=0.99))
    two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    done = two_editions.editions.carry("f-2024", "f-2026", merged, 6.0)
    assert (done.alignments, done.rejections) == (1, 0)
    assert standing(two_editions, "r2", "b1") is None
    again = two_editions.editions.carry("f-2024", "f-2026", merged, 7.0)
    assert (again.alignments, again.rejections, again.withdrawn) == (0, 0, 0)


def test_a_line_that_a_curator_accepts_carries_over_and_one_that_is_undone_takes_back(two_editions):
    judge(two_editions, Verdict.ACCEPT)
    assert carried(two_editions) == [("r2", "b3", "teaches")]
    (line,) = two_editions.editions.decided("f-2024", "f-2026")
    assert (line.outcome, line.other) == ("a3", "b3")
    judge(two_editions, Verdict.UNDO)
    assert carried(two_editions) == []


def test_what_another_line_still_justifies_stays_when_one_is_undone(two_editions):
    decide(two_editions, Verdict.ACCEPT, "r1", "a3")
    judge(two_editions, Verdict.ACCEPT, "a3", "b1")
    judge(two_editions, Verdict.ACCEPT, "a2", "b1")
    two_editions.editions.carry("f-2024", "f-2026", LINES[:1], 5.0)
    judge(two_editions, Verdict.UNDO, "a3", "b1")
    assert carried(two_editions) == [("r1", "b1", "assesses"), ("r1", "b1", "teaches")]
    found = {one.relation: one.extra for one in two_editions.alignments.of_outcome("b1")}
    taught = found[Relation.TEACHES]
    assert (taught["from"], taught["why"]) == ("a1", "unchanged, text")
    decide(two_editions, Verdict.ACCEPT, "r1", "a2")
    judge(two_editions, Verdict.ACCEPT, "a1", "b1")
    judge(two_editions, Verdict.UNDO, "a1", "b1")
    assert carried(two_editions) == [("r1", "b1", "assesses"), ("r1", "b1", "teaches")]
    judge(two_editions, Verdict.UNDO, "a2", "b1")
    assert carried(two_editions) == []


def test_a_line_that_a_curator_refused_is_not_carried_over(two_editions):
    judge(two_editions, Verdict.REJECT, "b1", "a1")
    done = two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    assert (done.lines, carried(two_editions)) == (1, [("r1", "b2", "assesses")])


def test_nothing_goes_over_to_a_heading_or_to_what_is_gone(two_editions, document):
    new = [
        Outcome(id="b1", framework="f-2026", title="Fractions", assignable=False),
        Outcome(id="b3", framework="f-2026", parent="b1", title="Fractions 3"),
    ]
    old = [Outcome(id=f"a{n}", framework="f-2024", title=f"Fractions {n}") for n in (1, 2, 3)]
    others = (Resource(id="r1", title="Pizza"), Resource(id="r2", title="Cake"))
    stated = (Alignment(resource="r1", outcome="a1"), Alignment(resource="r1", outcome="a2"))
    import_document(two_editions, document(*old, *new, *others, *stated), prune=True)
    two_editions.editions.carry("f-2024", "f-2026", LINES, 5.0)
    assert carried(two_editions) == []


def test_what_sources_state_is_read_in_either_direction_without_what_was_made_here(
    two_editions, document
):
    import_document(
        two_editions,
        document(
            Correspondence(outcome="a1", other="b1", match=Match.SUCCESSOR),
            Correspondence(outcome="b2", other="a2", match=Match.EXACT),
            name="case",
        ),
    )
    judge(two_editions, Verdict.ACCEPT)
    found = two_editions.editions.stated("f-2024", "f-2026")
    assert [(one.outcome, one.other) for one in found] == [("a1", "b1"), ("b2", "a2")]
