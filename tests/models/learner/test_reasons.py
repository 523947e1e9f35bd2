import json
import string
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.learner.frontier import Purpose
from models.learner.mastery import Mastery
from models.learner.reasons import MESSAGES, languages, reason, spoken
from models.learner.recommender import Recommended, Step
from models.learner.situation import Situation

SHIPPED = ("ar", "en", "es", "fr")
MESSAGES_OF = {
    tag: json.loads((MESSAGES / f"{tag}.json").read_text(encoding="utf-8")) for tag in SHIPPED
}


def placeholders(message):
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def answer(*, answers, known):
    mastery = Mastery(
        probability=np.array([0.9 if known else 0.6, 0.4, 0.4]),
        belief=np.array([0.9 if known else 0.6, 0.4, 0.4]),
        answers=np.array(answers, dtype=float),
        tried=np.array(answers) > 0,
        remembered=np.full(3, 0.4),
        practice=np.zeros(3),
        explanation=np.zeros(3),
        fixed=frozenset(),
        certainty=4.0,
    )
    situation = Situation(framework="f", level=None, languages=())
    return Recommended(steps=(), candidates=(), mastery=mastery, situation=situation)


STEP = Step(
    resource=0,
    outcome=1,
    purpose=Purpose.NEXT,
    score=1.0,
    propensity=1.0,
    mastery=0.4,
    builds_on=None,
    towards=None,
    is_gap=False,
)
EVERY = [
    (
        replace(
            STEP,
            outcome=outcome,
            purpose=purpose,
            builds_on=builds_on,
            towards=towards,
            is_gap=is_gap,
        ),
        answer(answers=answers, known=known),
    )
    for outcome, purpose, builds_on, towards, is_gap, answers, known in product(
        (0, 1),
        Purpose,
        (None, 0),
        (None, 2),
        (False, True),
        ([0, 0, 0], [1, 0, 0], [1, 1, 0]),
        (0, 1),
    )
]


@pytest.fixture(scope="module")
def curriculum(school):
    levels = ["known:Grade 4", "this:Grade 5", "aim:Grade 6"]
    return school(levels, "this<known aim<this").curriculum


def test_reasons_come_in_these_languages():
    assert languages() >= set(SHIPPED)


@pytest.mark.parametrize("tag", sorted(languages()))
def test_every_language_says_the_same_with_the_same_names_in_it(tag):
    said = json.loads((MESSAGES / f"{tag}.json").read_text(encoding="utf-8"))
    english = MESSAGES_OF["en"]
    assert list(said) == list(english)
    for key, message in said.items():
        assert placeholders(message) == placeholders(english[key]), key
        assert message.strip() == message != ""
        assert tag == "en" or message != english[key], f"{key} is not translated"


@pytest.mark.parametrize("tag", sorted(languages()))
def test_every_step_that_there_can_be_has_a_reason_and_every_reason_a_step(curriculum, tag):
    sentences = {reason(step, found, curriculum, tag) for step, found in EVERY}
    names = {"known": "Title of known", "towards": "Title of aim", "level": "Grade 5"}
    messages = json.loads((MESSAGES / f"{tag}.json").read_text(encoding="utf-8"))
    del messages["crosswalk"]
    assert sentences == {message.format(**names) for message in messages.values()}


def test_what_was_only_spoken_of_is_not_said_to_be_begun(curriculum):
    found = answer(answers=[0, 1, 0], known=0)
    assert reason(STEP, found, curriculum, "en").startswith("You have begun this")
    spoken_of = replace(found, mastery=replace(found.mastery, tried=np.zeros(3, dtype=bool)))
    assert reason(STEP, spoken_of, curriculum, "en") == "This is your next step."


@pytest.mark.parametrize("tag", sorted(languages()))
def test_what_comes_from_another_curriculum_says_so_in_a_sentence_of_its_own(curriculum, tag):
    found = answer(answers=[0, 0, 0], known=0)
    plain = reason(STEP, found, curriculum, tag)
    told = reason(replace(STEP, origin=2), found, curriculum, tag)
    assert told.startswith(f"{plain} ")
    assert "Title of aim" in told.removeprefix(plain)


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (None, "This belongs to level “Grade 4” and needs nothing before it."),
        (1.0, "This belongs to level “Grade 4” and needs nothing before it."),
        (2.0, "This belongs to level “Grade 5” and needs nothing before it."),
    ],
)
def test_who_has_done_nothing_hears_at_which_level_it_is_taught(school, own, says):
    curriculum = school(["first:Grade 3", "this:Grade 4"]).curriculum
    curriculum.levels[1] = ("Grade 4", "Grade 5")
    curriculum.level_ranks["f", "Grade 5"] = 2.0
    found = answer(answers=[0, 0, 0], known=0)
    found = replace(found, situation=replace(found.situation, level=own))
    assert reason(STEP, found, curriculum, "en") == says
    begins = replace(STEP, outcome=0)
    assert reason(begins, found, curriculum, "en") == "This is where the curriculum begins."


def test_nobody_is_said_to_know_what_only_their_level_speaks_for(curriculum):
    step = replace(STEP, builds_on=0)
    supposed, shown = (answer(answers=[count, 0, 0], known=1) for count in (0, 1))
    assert "which you have probably met" in reason(step, supposed, curriculum, "en")
    assert "You can do “Title of known”" in reason(step, shown, curriculum, "en")
    decided = replace(supposed, mastery=replace(supposed.mastery, fixed=frozenset({0})))
    assert "You can do “Title of known”" in reason(step, decided, curriculum, "en")


def test_a_title_in_another_direction_keeps_its_own_marks_inside(curriculum):
    step = replace(STEP, builds_on=0)
    said = reason(step, answer(answers=[1, 0, 0], known=1), curriculum, "ar")
    assert "«\u2068Title of known\u2069»" in said


def test_a_title_with_braces_is_said_as_it_is(school):
    place = school(["{0} and {known}", "b"], "b<{0} and {known}".replace(" ", "_"))
    curriculum = place.curriculum
    step = replace(STEP, builds_on=0)
    assert "{0} and {known}" in reason(step, answer(answers=[1, 0, 0], known=1), curriculum, "en")


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (("fr-CA", "en"), "fr"),
        (("sw", "ar"), "ar"),
        (("sw", None, ""), "en"),
        ((), "en"),
        (("not a tag at all",), "en"),
    ],
)
def test_reasons_are_given_in_the_first_language_there_is_else_in_english(tags, language):
    assert spoken(*tags) == language
