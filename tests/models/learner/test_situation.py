import pytest

from data.errors import GatewaysError
from data.records import Alignment, Event, Outcome, Resource
from models.learner.curriculum import Curriculum
from models.learner.shelf import Shelf, sure_alignments
from models.learner.situation import Asked, situation_of
from models.learner.state import learner_of
from models.learner.tracing import starting_tracer

LEVELS = {"en-school": ("Grade 3", "Grade 4", "Grade 5"), "fr-ecole": ("CM1", "CM2")}
CURRICULUM = Curriculum(
    [
        Outcome(
            id=f"{framework}/{level}",
            framework=framework,
            parent=f"{framework}/unit" if level == levels[0] else None,
            title=level,
            levels=(level,),
            position=place,
            language=framework[:2],
        )
        for framework, levels in LEVELS.items()
        for place, level in enumerate(levels)
    ]
    + [Outcome(id="fr-ecole/unit", framework="fr-ecole", title="", assignable=False)],
    [],
)
RESOURCES = [Resource(id=f"r-{tag}", title=tag, language=tag) for tag in ("en", "fr", "es")]
ALIGNED = sure_alignments([Alignment(resource=one.id, outcome="x") for one in RESOURCES])
SHELF = Shelf(CURRICULUM, RESOURCES, ALIGNED)


def situation(events=(), **asked):
    learner = learner_of(events, [], starting_tracer(), ALIGNED)
    found = situation_of(learner, CURRICULUM, SHELF, Asked(now=2e9, **asked))
    return found.framework, found.level, found.languages


@pytest.fixture
def worked(answer):
    """Answers to these outcomes, one after the other."""

    def events(*outcomes):
        return [answer(outcome, 1.0, ago=len(outcomes) - n) for n, outcome in enumerate(outcomes)]

    return events


def test_of_a_newcomer_the_first_curriculum_is_taken_with_its_language_and_no_level():
    assert situation() == ("en-school", None, ("en",))


def test_a_curriculum_in_several_languages_prefers_the_one_it_begins_with():
    tags = ("qu", "es", "ay", "en", "gn", "pt-BR")
    outcomes = [
        Outcome(id=tag, framework="f", title=tag, language=tag, position=place)
        for place, tag in enumerate(tags)
    ]
    curriculum = Curriculum(outcomes, [])
    nobody = learner_of([], [], starting_tracer(), {})
    found = situation_of(nobody, curriculum, Shelf(curriculum, [], {}), Asked(now=2e9))
    assert found.languages == ("qu", "es", "ay", "en", "gn", "pt")


def test_what_a_newcomer_speaks_and_the_level_choose_the_curriculum():
    assert situation(languages=("fr",)) == ("fr-ecole", None, ("fr",))
    assert situation(level="CM2") == ("fr-ecole", 1.0, ("fr",))
    assert situation(languages=("de",)) == ("en-school", None, ("de",))


def test_the_curriculum_is_the_one_that_was_worked_on_most(worked):
    events = worked("fr-ecole/CM1", "fr-ecole/CM2", "en-school/Grade 5")
    assert situation(events)[0] == "fr-ecole"


def test_the_level_is_the_usual_one_of_what_was_worked_on_last(worked):
    early, late = ["en-school/Grade 3"] * 30, ["en-school/Grade 5"] * 12
    assert situation(worked(*early))[1] == 0.0
    assert situation(worked(*early, *late))[1] == 2.0


def test_what_is_asked_goes_before_what_was_done(worked):
    events = worked("fr-ecole/CM1", "fr-ecole/CM2")
    asked = {"framework": "en-school", "level": "Grade 4", "languages": ("es", "en")}
    assert situation(events, **asked) == ("en-school", 1.0, ("es", "en"))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"level": "CM2"}, "'CM2' is not in framework 'en-school', which has: Grade 3, Grade 4, G"),
        ({"level": "Grade 5", "framework": "fr-ecole"}, "'fr-ecole', which has: CM1, CM2;"),
        ({"level": "Grade 5", "goal": "fr-ecole/unit"}, "'fr-ecole', which has: CM1, CM2;"),
    ],
)
def test_a_level_of_another_curriculum_is_refused_and_those_there_are_named(worked, asked, says):
    with pytest.raises(GatewaysError, match=says):
        situation(worked("en-school/Grade 3"), **asked)


def test_where_there_are_no_levels_that_is_said():
    curriculum = Curriculum([Outcome(id="a", framework="f", title="a")], [])
    nobody = learner_of([], [], starting_tracer(), {})
    with pytest.raises(GatewaysError, match="'Grade 1' is not in framework 'f', which has: none"):
        situation_of(nobody, curriculum, Shelf(curriculum, [], {}), Asked(now=2e9, level="Grade 1"))


def test_a_goal_has_its_own_curriculum(worked):
    events = worked("en-school/Grade 5")
    assert situation(events, goal="fr-ecole/unit")[0] == "fr-ecole"
    assert situation(events, goal="fr-ecole/CM2")[0] == "fr-ecole"


def test_a_learners_languages_are_those_of_what_they_open_for_more_than_a_little(used):
    opened = ["r-fr"] * 6 + ["r-es"] * 3 + ["r-en"]
    events = [used(name, Event.VIEWED, ago=place) for place, name in enumerate(opened)]
    assert situation(events)[2] == ("fr", "es")
