"""What is told of the sample catalogue's learners."""

import json

import pytest

from data.records import Statement, Voice
from models.learner import answers
from models.learner.mastery import MASTERED
from models.learner.situation import Asked

NOW = 1_788_000_000.0
ABLE = "l-46addc"


@pytest.fixture(scope="module")
def learner(teaching, sample):
    return teaching.learner(sample, ABLE)


@pytest.fixture(scope="module")
def ask(teaching, learner):
    def told(*languages, **asked):
        wanted = Asked(now=NOW, languages=languages, **asked)
        return answers.told(teaching, teaching.recommend(ABLE, learner, wanted), languages)

    return told


@pytest.fixture(scope="module")
def estimates(teaching, learner):
    return answers.estimates(teaching, learner, *teaching.mastery(learner, Asked(now=NOW)))


def test_every_step_names_resource_outcome_and_reason(ask, teaching):
    told = ask()
    assert told["policy"] == teaching.policy
    assert (told["framework"], told["next"]) == ("saltmere-2024", None)
    assert told["level"].startswith("Grade ")
    assert [item["position"] for item in told["items"]] == [1, 2, 3, 4, 5]
    for item in told["items"]:
        assert item["resource"]["title"]
        assert item["outcome"]["framework"] == "saltmere-2024"
        assert item["outcome"]["levels"]
        assert len(item["reason"]) > 10
        assert 0 <= item["mastery"] < MASTERED
        assert 0 < item["propensity"] <= 1
    json.dumps(told, allow_nan=False)


def test_whether_a_resource_can_be_downloaded_is_told_and_can_be_asked_for(ask, teaching):
    assert {item["resource"]["downloadable"] for item in ask(k=50)["items"]} == {True, False}
    offline = ask(k=50, offline=True)["items"]
    assert offline
    assert all(item["resource"]["downloadable"] for item in offline)


@pytest.mark.parametrize(
    ("languages", "spoken"), [(("es",), "es"), (("fr", "en"), "fr"), (("sw",), "en")]
)
def test_reasons_are_in_the_language_that_is_asked_for_if_there_is_one(ask, languages, spoken):
    assert ask(*languages)["reason_language"] == spoken


def test_reasons_are_in_the_learners_own_language_where_none_is_asked_for(teaching, sample):
    french = next(
        one.learner
        for one in sample.learners.ids(limit=100).items
        if teaching.mastery(teaching.learner(sample, one.learner), Asked(now=NOW))[1].framework
        == "arvelle-2023"
    )
    learner = teaching.learner(sample, french)
    told = answers.told(teaching, teaching.recommend(french, learner, Asked(now=NOW)), ())
    assert told["reason_language"] == "fr"
    assert told["items"]


def test_each_outcome_of_the_curriculum_is_estimated_with_what_that_rests_on(estimates, teaching):
    ids = [item["outcome"]["id"] for item in estimates["items"]]
    frameworks = teaching.curriculum.frameworks
    assert ids == [
        name
        for name, framework in zip(teaching.curriculum.ids, frameworks, strict=True)
        if framework == "saltmere-2024"
    ]
    for item in estimates["items"]:
        assert 0 <= item["low"] <= item["mastery"] <= item["high"] <= 1
        evidence = item["evidence"]
        assert (evidence["latest"] is None) is (evidence["answers"] == 0)
        assert evidence["successes"] <= evidence["answers"]
    assert any(item["mastered"] for item in estimates["items"])
    assert any(item["evidence"]["answers"] for item in estimates["items"])
    json.dumps(estimates, allow_nan=False)


def test_what_was_stated_stands_beside_the_estimate(teaching, sample):
    learner = teaching.learner(sample, ABLE)
    outcome = "saltmere-line-symmetry"
    for voice, can in ((Voice.PLACEMENT, 1.0), (Voice.LEARNER, 0.0), (Voice.TEACHER, 0.9)):
        word = Statement(learner=ABLE, outcome=outcome, can=can, voice=voice, time=NOW, note="n")
        learner.said(word, teaching.tracer)
    found = answers.estimates(teaching, learner, *teaching.mastery(learner, Asked(now=NOW)))
    (item,) = (one for one in found["items"] if one["outcome"]["id"] == outcome)
    assert item["mastery"] == item["low"] == item["high"] == 0.9
    assert [(said["voice"], said["can"]) for said in item["stated"]] == [
        ("placement", 1.0),
        ("learner", 0.0),
        ("teacher", 0.9),
    ]


@pytest.mark.parametrize("voice", [Voice.PLACEMENT, Voice.LEARNER, Voice.TEACHER])
def test_an_estimate_says_whether_answers_or_words_tell_it_or_whether_it_is_a_guess(
    teaching, sample, voice
):
    learner = teaching.learner(sample, ABLE)
    answered = next(name for name, done in learner.answered.items() if done.answers)
    said, untouched = "saltmere-graphs-linear-relations", "saltmere-linear-equations"
    word = Statement(learner=ABLE, outcome=said, can=0.0, voice=voice, time=NOW)
    learner.said(word, teaching.tracer)
    mastery, _ = teaching.mastery(learner, Asked(now=NOW))
    row = teaching.curriculum.row
    assert [mastery.basis(row[name]) for name in (answered, said, untouched)] == [
        "answers",
        "statements",
        "guess",
    ]


def test_of_a_newcomer_every_step_rests_on_a_guess(teaching, sample):
    newcomer = teaching.learner(sample, "nobody")
    found = teaching.recommend("nobody", newcomer, Asked(now=NOW))
    assert {item["basis"] for item in answers.told(teaching, found, ())["items"]} == {"guess"}


def test_a_way_has_what_is_required_first_and_ends_at_the_goal(teaching, sample):
    newcomer = teaching.learner(sample, "nobody")
    goal = "saltmere-equivalent-fractions"
    mastery, _ = teaching.mastery(newcomer, Asked(now=NOW, goal=goal))
    told = answers.way(teaching, mastery, goal)
    ids = [item["outcome"]["id"] for item in told["items"]]
    assert (told["reached"], ids[-1]) == (False, goal)
    assert len(ids) > 1
    for place, item in enumerate(told["items"]):
        assert set(item["requires"]) <= set(ids[:place]), "of a newcomer all of it is missing"
    assert told["items"][-1]["resources"] > 0


def test_a_goal_that_is_reached_has_no_way(teaching, sample):
    learner = teaching.learner(sample, "nobody")
    goal = "saltmere-place-value-1000"
    learner.said(
        Statement(learner="nobody", outcome=goal, can=1.0, voice=Voice.TEACHER, time=NOW),
        teaching.tracer,
    )
    mastery, _ = teaching.mastery(learner, Asked(now=NOW, goal=goal))
    told = answers.way(teaching, mastery, goal)
    assert (told["reached"], told["items"]) == (True, [])


@pytest.mark.parametrize("level", ["Grade 3", "Grade 6"])
def test_the_level_that_is_asked_for_is_the_one_that_is_told(ask, level):
    assert ask(level=level, framework="saltmere-2024")["level"] == level
