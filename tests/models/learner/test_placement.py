import pytest

from data.records import Voice
from models.learner.placement import OPEN, QUESTIONS, next_question
from models.learner.situation import Situation

EVERYWHERE = Situation(framework="f", level=None, languages=())


def question(school, *events, situation=EVERYWHERE):
    """The outcome that is asked about next."""
    found = school.recommended(*events)
    row = next_question(school.learner(*events), school.curriculum, found.mastery, situation)
    return None if row is None else school.curriculum.ids[row]


@pytest.fixture(scope="module")
def big(school):
    names = [f"o{number}" for number in range(30)]
    return school(names, " ".join(f"o{number + 1}<o{number}" for number in range(0, 28, 2)))


def test_what_most_hangs_together_with_is_asked_first(school):
    assert question(school(["a", "b", "c", "d"], "b<c c<d")) == "c"


@pytest.mark.parametrize("answers", [(0.0,), (1.0,), (1.0, 0.0)])
def test_placement_asks_at_most_ten_questions_each_once(big, said, answers):
    events, asked = [], []
    while (name := question(big, *events)) is not None:
        can = answers[len(asked) % len(answers)]
        asked.append(name)
        events.append(said(name, can, Voice.PLACEMENT, ago=100 - len(asked)))
        assert len(asked) <= QUESTIONS
    assert len(set(asked)) == len(asked) > 1
    if len(answers) > 1:
        # Who can do this and not that stays hard to tell, so that only the number ends it.
        assert len(asked) == QUESTIONS


def test_what_is_likely_or_unlikely_enough_is_not_asked(school, answer):
    row = school("ab")
    known = [answer("a", 1.0, ago) for ago in range(8)]
    told = row.mastery(*known)
    assert told["a"] > OPEN[1] > told["b"]
    assert question(row, *known) == "b"


def test_of_another_curriculum_nothing_is_asked(big):
    elsewhere = Situation(framework="another", level=None, languages=())
    assert question(big, situation=elsewhere) is None


def test_an_answer_changes_what_comes_next(big, said):
    first = question(big)
    could, could_not = (said(first, can, Voice.PLACEMENT) for can in (1.0, 0.0))
    told = big.mastery()
    assert big.mastery(could)[first] > told[first] + 0.1
    assert big.mastery(could_not)[first] < told[first] - 0.1
    assert first not in (question(big, could), question(big, could_not))
