from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from data import records
from data.records import (
    Alignment,
    Decision,
    Event,
    Interaction,
    Outcome,
    RejectionReason,
    Relation,
    Resource,
    Split,
    Verdict,
    Voice,
)

KINDS = [found for found in vars(records).values() if is_dataclass(found)]


def test_every_kind_of_record_is_looked_at():
    assert {Outcome, Resource, Alignment, Decision, Interaction} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_cannot_be_changed_nor_given_by_position(kind):
    values = {field.name: "x" for field in fields(kind)}
    record = kind(**values)
    with pytest.raises(FrozenInstanceError):
        setattr(record, fields(kind)[0].name, "y")
    with pytest.raises(TypeError):
        kind("x")
    with pytest.raises((AttributeError, TypeError)):
        record.unheard_of = 1


def test_an_outcome_may_be_aligned_to_unless_it_says_otherwise():
    assert Outcome(id="o", framework="f", title="").assignable


def test_an_alignment_teaches_unless_it_says_otherwise():
    assert Alignment(resource="r", outcome="o").relation is Relation.TEACHES


def test_what_a_source_says_besides_is_not_shared_between_records():
    one, other = Resource(id="a", title=""), Resource(id="b", title="")
    assert one.extra == {}
    assert one.extra is not other.extra


@pytest.mark.parametrize(
    ("vocabulary", "words"),
    [
        (Relation, {"teaches", "assesses", "requires"}),
        (Split, {"train", "dev", "test"}),
        (Event, {"viewed", "attempted", "completed", "skipped"}),
        (Verdict, {"accept", "reject", "defer", "undo"}),
        (Voice, {"learner", "teacher", "placement"}),
    ],
)
def test_vocabularies_are_those_of_the_dataset_folder_and_the_interface(vocabulary, words):
    assert {str(word) for word in vocabulary} == words


def test_reasons_are_the_curators_nine():
    assert len(RejectionReason) == 9
    assert str(RejectionReason.OTHER) == "other"


def test_a_decision_and_an_interaction_need_who_and_when():
    with pytest.raises(TypeError, match="curator"):
        Decision(resource="r", outcome="o", verdict=Verdict.ACCEPT, time=0)
    with pytest.raises(TypeError, match="time"):
        Interaction(learner="l", event=Event.VIEWED)
