import pytest

from data.formats.rejections import Aspect
from data.records import (
    Alignment,
    Decision,
    Provenance,
    RejectionReason,
    Relation,
    Split,
    Verdict,
)
from training.freezing.labels import ASPECTS, labels_of


def decided(verdict, resource="r", outcome="o", reason=None):
    return Decision(
        resource=resource, outcome=outcome, verdict=verdict, reason=reason, curator="ann", time=1.0
    )


def stated(resource="r", outcome="o", relation=Relation.TEACHES, split=None, agent="dataset:d"):
    provenance = Provenance(agent=agent, time=1.0)
    return Alignment(
        resource=resource,
        outcome=outcome,
        relation=relation,
        split=split,
        provenance=provenance,
        extra={"seen_by": "ann"},
    )


def labelled(alignments=(), decisions=(), assignable=("o", "p")):
    return labels_of(alignments, decisions, assignable)


def test_what_a_resource_teaches_or_assesses_is_accepted_and_what_it_requires_is_no_label():
    found = labelled([stated(relation=relation) for relation in Relation])
    assert [one.relation for one in found.accepted] == [Relation.ASSESSES, Relation.TEACHES]
    assert found.left_out == {"requires": 1}


def test_what_several_state_is_one_label_that_names_nobody():
    found = labelled([stated(agent="ann"), stated()])
    assert found.accepted == [Alignment(resource="r", outcome="o")]


@pytest.mark.parametrize("reason", [None, *RejectionReason])
def test_a_rejection_teaches_what_its_reason_says(reason):
    found = labelled(decisions=[decided(Verdict.REJECT, reason=reason)])
    assert [one.aspect for one in found.rejected] == [ASPECTS[reason]] * bool(ASPECTS[reason])
    assert (sum(found.left_out.values()) == 1) is (ASPECTS[reason] is None)


def test_reasons_of_level_and_subject_are_told_apart_and_three_are_no_matter_of_alignment():
    by_aspect = {
        aspect: {reason for reason, found in ASPECTS.items() if found is aspect}
        for aspect in (Aspect.LEVEL, Aspect.SUBJECT, None)
    }
    assert by_aspect == {
        Aspect.LEVEL: {RejectionReason.TOO_ADVANCED, RejectionReason.TOO_BASIC},
        Aspect.SUBJECT: {RejectionReason.SUBJECT},
        None: {
            RejectionReason.ALREADY_USED,
            RejectionReason.QUALITY,
            RejectionReason.CULTURE,
        },
    }
    assert ASPECTS.keys() == {None, *RejectionReason}


def test_a_curator_who_says_no_overrules_a_source():
    found = labelled([stated(), stated(outcome="p")], [decided(Verdict.REJECT)])
    assert [one.outcome for one in found.accepted] == ["p"]
    assert [one.outcome for one in found.rejected] == ["o"]
    assert found.left_out == {"overruled": 1}


def test_a_reason_that_says_nothing_of_the_alignment_leaves_what_a_source_states():
    used = decided(Verdict.REJECT, reason=RejectionReason.ALREADY_USED)
    assert len(labelled([stated()], [used]).accepted) == 1


def test_what_is_deferred_is_no_label():
    found = labelled([stated()], [decided(Verdict.DEFER), decided(Verdict.DEFER, outcome="p")])
    assert [one.outcome for one in found.accepted] == ["o"]
    assert found.rejected == []
    assert found.left_out == {"deferred": 2}


def test_an_outcome_that_has_become_a_heading_labels_nothing():
    found = labelled([stated()], [decided(Verdict.REJECT, resource="s")], assignable=("p",))
    assert (found.accepted, found.rejected, found.left_out) == ([], [], {"headings": 2})


def test_of_the_splits_that_sources_state_the_strictest_holds():
    found = labelled(
        [
            stated(split=None, agent="ann"),
            stated(split=Split.DEV),
            stated(outcome="p", split=Split.TEST),
            stated(resource="s", split=Split.TRAIN),
            stated(resource="s", split=Split.DEV),
        ]
    )
    assert found.stated.resources == {"r": Split.TEST, "s": Split.DEV}
    assert found.stated.outcomes == {"o": Split.DEV, "p": Split.TEST}


def test_labels_come_in_the_order_of_ids():
    rows = [stated(resource=name) for name in "zab"]
    assert labelled(rows) == labelled(reversed(rows))
    assert [one[0] for one in labelled(rows).pairs()] == ["a", "b", "z"]
