import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Event, Interaction, Statement, Voice
from models.learner.evidence import Evidence, evidence_of, in_time, stated

ALIGNED = {"r": (("a", 1.0), ("b", 0.8))}


def did(event, score=None, **more):
    return Interaction(learner="l", time=5.0, event=event, score=score, **more)


@pytest.mark.parametrize("score", [None, 0.0, 1.0])
def test_a_view_is_never_evidence(score):
    assert evidence_of(did(Event.VIEWED, score, resource="r"), ALIGNED) is None
    assert evidence_of(did(Event.VIEWED, score, outcomes=("a",)), ALIGNED) is None


def test_an_attempt_without_a_score_says_nothing():
    assert evidence_of(did(Event.ATTEMPTED, resource="r"), ALIGNED) is None


def test_a_completion_without_a_score_is_a_weaker_success_than_one_with_a_score():
    bare = evidence_of(did(Event.COMPLETED, resource="r"), ALIGNED)
    scored = evidence_of(did(Event.COMPLETED, 1.0, resource="r"), ALIGNED)
    assert bare.score == scored.score == 1.0
    assert 0 < bare.weight < scored.weight


def test_the_score_of_a_whole_resource_says_more_than_one_answer():
    whole = evidence_of(did(Event.ATTEMPTED, 1.0, resource="r"), ALIGNED)
    one = evidence_of(did(Event.ATTEMPTED, 1.0, resource="r", item="r 1"), ALIGNED)
    assert one.weight == 1.0 < whole.weight


def test_a_skip_is_the_weakest_failure():
    skipped = evidence_of(did(Event.SKIPPED, resource="r"), ALIGNED)
    completed = evidence_of(did(Event.COMPLETED, resource="r"), ALIGNED)
    assert skipped.score == 0.0
    assert 0 < skipped.weight < completed.weight


def test_outcomes_that_an_interaction_names_go_before_those_of_its_resource():
    named = evidence_of(did(Event.ATTEMPTED, 1.0, resource="r", outcomes=("c",)), ALIGNED)
    assert named.outcomes == (("c", 1.0),)
    unnamed = evidence_of(did(Event.ATTEMPTED, 1.0, resource="r"), ALIGNED)
    assert unnamed.outcomes == ALIGNED["r"]


def test_an_outcome_that_is_named_twice_is_answered_once():
    twice = evidence_of(did(Event.ATTEMPTED, 1.0, outcomes=("b", "a", "b")), ALIGNED)
    assert twice.outcomes == (("b", 1.0), ("a", 1.0))


def test_an_answer_about_no_known_outcome_still_tells_of_the_learner():
    one = evidence_of(did(Event.ATTEMPTED, 0.5, resource="unknown"), ALIGNED)
    assert (one.outcomes, one.score, one.item) == ((), 0.5, "unknown")


def test_what_was_answered_is_the_item_else_the_resource():
    both = did(Event.ATTEMPTED, 1.0, resource="r", item="r#1")
    assert evidence_of(both, ALIGNED).item == "r#1"


@pytest.mark.parametrize("voice", [Voice.LEARNER, Voice.PLACEMENT])
def test_a_learners_own_word_is_worth_more_than_an_answer(voice):
    word = Statement(learner="l", outcome="a", can=0.25, voice=voice, time=7.0)
    one = stated(word)
    assert (one.outcomes, one.score, one.time) == ((("a", 1.0),), 0.25, 7.0)
    assert one.weight > 1


def test_a_teachers_word_is_no_evidence_since_it_is_above_it():
    word = Statement(learner="l", outcome="a", can=1.0, voice=Voice.TEACHER, time=7.0)
    assert stated(word) is None


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            Evidence,
            time=st.sampled_from([1.0, 2.0]),
            item=st.sampled_from([None, "i", "j"]),
            outcomes=st.sampled_from([(), (("a", 1.0),), (("b", 0.8),)]),
            score=st.sampled_from([0.0, 1.0]),
            weight=st.sampled_from([0.3, 1.0]),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_evidence_has_one_order_whatever_order_it_came_in(evidence, random):
    shuffled = random.sample(evidence, len(evidence))
    assert in_time(shuffled) == in_time(evidence)
    assert [one.time for one in in_time(shuffled)] == sorted(one.time for one in evidence)
