import pytest

from evaluation.logged.off_policy import FirstPlace
from evaluation.logged.policies import by_popularity, policies

OPENINGS = {"b": [1.0, 5.0], "c": [2.0, 3.0, 4.0]}


def place(time, *candidates):
    return FirstPlace(
        answer="x",
        learner="l",
        time=time,
        policy="made",
        candidates=candidates,
        shown=0,
        propensity=0.5,
        reward=0.0,
    )


@pytest.mark.parametrize("candidates", ["a", "ab", "abcd"])
@pytest.mark.parametrize("policy", policies(OPENINGS).values(), ids=policies(OPENINGS))
def test_probabilities_are_those_of_all_candidates(policy, candidates):
    found = policy(place(9.0, *candidates))
    assert len(found) == len(candidates)
    assert found.sum() == pytest.approx(1)


def test_each_shows_what_its_name_says():
    found = policies(OPENINGS)
    assert found["without exploration"](place(9.0, *"abc")).tolist() == [1, 0, 0]
    assert found["uniform over candidates"](place(9.0, *"abcd")).tolist() == [0.25] * 4
    assert found["by popularity"](place(9.0, *"abc")).tolist() == [0, 0, 1]


@pytest.mark.parametrize(("time", "row"), [(1.0, 0), (1.5, 1), (3.0, 1), (3.5, 2), (9.0, 2)])
def test_popular_is_what_was_opened_before_and_of_equals_the_first_by_worth(time, row):
    assert by_popularity(OPENINGS)(place(time, *"abc")).argmax() == row
