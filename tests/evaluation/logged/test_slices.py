from data.records import Resource
from evaluation.logged.off_policy import FirstPlace
from evaluation.logged.slices import slices


def places(resource, reward, number):
    return [
        FirstPlace(
            answer=f"{resource}-{place}",
            learner="l",
            time=0.0,
            policy="p",
            candidates=("other", resource),
            shown=1,
            propensity=0.5,
            reward=reward,
        )
        for place in range(number)
    ]


def test_the_reward_is_told_by_language_and_level_of_what_stood_first_the_worst_first():
    resources = [
        Resource(id="a", title="a", language="fr-CA", levels=("Grade 1", "Grade 2")),
        Resource(id="b", title="b", language="en", levels=("Grade 2",)),
        Resource(id="c", title="c", language="ar"),
    ]
    few = [*places("c", 0.0, 29), *places("gone", 0, 9)]
    found = slices([*places("a", 0.2, 30), *places("b", 0.8, 30), *few], resources)
    assert [(row["by"], row["name"], row["answers"], row["reward"]) for row in found] == [
        ("language", "fr", 30, 0.2),
        ("level", "Grade 1", 30, 0.2),
        ("level", "Grade 2", 60, 0.5),
        ("language", "en", 30, 0.8),
    ]


def test_of_no_answers_there_is_no_slice():
    assert slices([], []) == []
