from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Event, Interaction, Statement, Voice
from models.learner.state import Learner, learner_of
from models.learner.tracing import starting_tracer

TRACER = starting_tracer()
ALIGNED = {"r": (("a", 1.0),), "s": (("a", 0.8), ("b", 1.0))}

INTERACTIONS = st.lists(
    st.builds(
        Interaction,
        learner=st.just("l"),
        resource=st.sampled_from([None, "r", "s", "unknown"]),
        item=st.sampled_from([None, "i"]),
        outcomes=st.sampled_from([(), ("a",), ("b", "c")]),
        time=st.integers(0, 5).map(float),
        event=st.sampled_from(list(Event)),
        score=st.sampled_from([None, 0.0, 0.5, 1.0]),
    ),
    max_size=12,
)
STATEMENTS = st.lists(
    st.builds(
        Statement,
        learner=st.just("l"),
        outcome=st.sampled_from("ab"),
        can=st.sampled_from([0.0, 1.0]),
        voice=st.sampled_from(list(Voice)),
        time=st.integers(0, 5).map(float),
    ),
    max_size=4,
).map(lambda said: [replace(one, id=number) for number, one in enumerate(said, start=8)])


def made(interactions, statements=()):
    return learner_of(interactions, list(statements), TRACER, ALIGNED)


@settings(max_examples=50)
@given(INTERACTIONS, STATEMENTS, st.randoms(use_true_random=False))
def test_a_learner_is_the_same_in_whatever_order_things_arrived(did, said, random):
    shuffled = made(random.sample(did, len(did)), random.sample(said, len(said)))
    assert shuffled == made(did, said)


@settings(max_examples=50)
@given(INTERACTIONS)
def test_taking_in_what_comes_next_is_the_same_as_beginning_anew(did):
    did = sorted({one.time: one for one in did}.values(), key=lambda one: one.time)
    learner = Learner()
    for count, one in enumerate(did, start=1):
        learner.did(one, TRACER, ALIGNED)
        assert learner == made(did[:count])


def event(name, score=None, item=None, resource="r"):
    return Interaction(
        learner="l", resource=resource, item=item, time=1.0, event=Event(name), score=score
    )


@pytest.mark.parametrize(
    ("done", "is_finished"),
    [
        (event("completed"), True),
        (event("completed", 0.2), True),
        (event("attempted", 0.8), True),
        (event("attempted", 0.79), False),
        (event("attempted", 1.0, item="one question of it"), False),
        (event("viewed"), False),
        (event("skipped"), False),
    ],
)
def test_a_resource_is_finished_when_it_was_completed_or_passed_as_a_whole(done, is_finished):
    assert (made([done]).finished == {"r"}) is is_finished


def test_a_view_counts_as_met_and_leaves_no_answer():
    learner = made([event("viewed"), event("viewed")])
    assert learner.met == {"r": 2}
    assert (learner.history.steps, learner.recent) == (0, [])
    assert learner.marks == 2


def test_what_was_only_said_is_among_what_is_known_but_no_answer():
    said = [
        Statement(learner="l", outcome=outcome, can=1.0, voice=voice, time=2.0)
        for outcome in "ab"
        for voice in Voice
    ]
    done, only_done = made([event("attempted", 0.5)], said), made([event("attempted", 0.5)])
    assert done.answered == only_done.answered
    assert only_done.answered["a"].answers == only_done.history.of("a").answers
    assert done.history.of("b").answers > 0
    assert done.knowing.keys() == {"a", "b"}


def test_each_voice_has_its_last_word():
    said = [
        Statement(id=number, learner="l", outcome="a", can=can, voice=Voice(voice), time=time)
        for number, (voice, can, time) in enumerate(
            [("teacher", 1.0, 3.0), ("teacher", 0.0, 2.0), ("learner", 0.0, 4.0)]
        )
    ]
    learner = made([], said)
    assert learner.overridden["a"].can == 1.0
    assert learner.contested["a"].can == 0.0
    assert learner.placed == {}
    assert learner.latest == 4.0


def test_of_two_words_at_the_same_time_the_later_one_stands():
    first, second = (
        Statement(id=number, learner="l", outcome="a", can=can, voice=Voice.TEACHER, time=1.0)
        for number, can in ((9, 0.0), (10, 1.0))
    )
    assert made([], [first, second]).overridden["a"] == second
    assert made([], [second, first]).overridden["a"] == second
