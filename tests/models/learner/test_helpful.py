import pytest

from data.records import Event, Interaction
from models.learner.helpful import helpful_resources
from models.learner.tracing import starting_tracer

ALIGNED = dict.fromkeys(("good", "bad", "popular", "quiz"), (("a", 1.0),)) | {
    "elsewhere": (("b", 1.0),)
}


def met(resource, at):
    return Interaction(learner="l", resource=resource, time=at, event=Event.VIEWED)


def answered(score, at, outcome="a", resource=None):
    return Interaction(
        learner="l",
        resource=resource,
        item=f"{at}",
        outcomes=(outcome,),
        time=at,
        event=Event.ATTEMPTED,
        score=score,
    )


def helpful(learners):
    return helpful_resources(learners, starting_tracer(), ALIGNED)


@pytest.fixture(scope="module")
def credited():
    good = {f"g{n}": [met("good", 1.0), answered(1.0, 2.0)] for n in range(20)}
    bad = {f"b{n}": [met("bad", 1.0), answered(0.0, 2.0)] for n in range(20)}
    mixed = {f"p{n}": [met("popular", 1.0), answered(float(n % 5 < 2), 2.0)] for n in range(200)}
    return helpful({**good, **bad, **mixed})


def test_a_resource_is_credited_with_what_goes_better_after_it_than_foretold(credited):
    assert credited["good"] > 0.5
    assert credited["bad"] < -0.2


def test_how_often_a_resource_is_used_plays_no_part(credited):
    # Forty per cent succeed, which is what is foretold of a newcomer.
    assert abs(credited["popular"]) < 0.05


def test_few_answers_after_a_resource_say_little(credited):
    once = helpful({"l": [met("good", 1.0), answered(1.0, 2.0)]})
    assert 0 < once["good"] < credited["good"] / 3


def test_answers_before_it_and_about_other_outcomes_and_within_it_are_no_credit():
    before = [answered(1.0, 1.0), met("good", 2.0)]
    other = [met("good", 1.0), answered(1.0, 2.0, outcome="b")]
    within = [met("quiz", 1.0), answered(1.0, 2.0, resource="quiz")]
    assert helpful({"x": before, "y": other, "z": within}) == {}


def test_the_resource_that_was_met_last_has_the_credit():
    found = helpful({"l": [met("bad", 1.0), met("good", 2.0), answered(1.0, 3.0)]})
    assert set(found) == {"good"}


def test_a_learner_who_is_good_at_everything_makes_no_resource_helpful():
    able = {f"a{n}": [answered(1.0, float(at)) for at in range(30)] for n in range(20)}
    after = {who: [*did, met("good", 40.0), answered(1.0, 41.0)] for who, did in able.items()}
    beginners = {f"b{n}": [met("bad", 1.0), answered(1.0, 2.0)] for n in range(20)}
    found = helpful({**after, **beginners})
    assert found["good"] < found["bad"] / 3
