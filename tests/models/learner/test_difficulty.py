import math

import pytest

from models.learner.difficulty import SHRINKAGE, Difficulties, fit_difficulties
from models.learner.evidence import Evidence


def answers(outcome, item, scores, weight=1.0):
    return [
        Evidence(time=1.0, item=item, outcomes=((outcome, 1.0),), score=score, weight=weight)
        for score in scores
    ]


def share(log_odds):
    return 1 / (1 + math.exp(-log_odds))


def test_what_nobody_met_is_as_easy_as_what_is_above_it():
    known = Difficulties(typical=0.5, outcomes={"a": 1.5}, items={"i": 2.5})
    assert known.easiness("i", (("a", 1.0),)) == 2.5
    assert known.easiness("new", (("a", 1.0),)) == 1.5
    assert known.easiness(None, (("a", 1.0),)) == 1.5
    assert known.easiness("new", (("new", 1.0),)) == 0.5
    assert known.easiness("new", ()) == 0.5


def test_several_outcomes_count_by_how_sure_each_is():
    known = Difficulties(outcomes={"a": 1.0, "b": -1.0})
    assert known.of((("a", 0.9), ("b", 0.3))) == pytest.approx((0.9 - 0.3) / 1.2)


def test_an_outcome_that_goes_well_is_easier_and_few_answers_say_little():
    many = [answers("easy", "i", [1.0] * 40), answers("hard", "j", [0.0] * 40)]
    few = answers("tried once", "k", [1.0])
    found = fit_difficulties([*many, few])
    assert found.outcome("hard") < found.typical < found.outcome("tried once")
    assert found.outcome("tried once") < found.outcome("easy")


def test_a_mean_is_drawn_towards_the_one_above_by_as_many_answers_as_are_said():
    found = fit_difficulties([answers("a", "i", [1.0] * 10), answers("b", "j", [0.0] * 10)])
    assert share(found.typical) == pytest.approx(0.5)
    of_outcome = (10 + SHRINKAGE * 0.5) / (10 + SHRINKAGE)
    assert share(found.outcome("a")) == pytest.approx(of_outcome)
    of_item = (10 + SHRINKAGE * of_outcome) / (10 + SHRINKAGE)
    assert share(found.items["i"]) == pytest.approx(of_item)


def test_weak_answers_count_less_and_no_answers_are_level():
    strong = fit_difficulties([answers("a", None, [1.0] * 5), answers("b", None, [0.0] * 5)])
    weak = fit_difficulties([answers("a", None, [1.0] * 5, 0.3), answers("b", None, [0.0] * 5)])
    assert weak.outcome("a") < strong.outcome("a")
    assert fit_difficulties([]).typical == 0.0
