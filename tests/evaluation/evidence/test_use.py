"""Learners, by hand."""

from dataclasses import replace

import pytest

from data.catalogue.use import Attempts, Did
from evaluation.evidence.naming import ADDED_HERE, Naming
from evaluation.evidence.privacy import Privacy
from evaluation.evidence.use import Domain, use

NAMING = Naming(["d", "e"], {"d": "p", "e": "q"}, {})
DOMAIN = Domain(kinds={"p": {"video", "quiz"}, "q": {"video"}}, framework_of={"o": "f", "u": "g"})
PLAIN = Privacy(least=2)


def did(learner, dataset="d", kind="video", interactions=3, completions=1):
    return Did(
        learner=learner,
        dataset=dataset,
        kind=kind,
        interactions=interactions,
        completions=completions,
    )


def told(done=(), attempts=(), privacy=PLAIN):
    figures = use(done, attempts, DOMAIN, NAMING, privacy)
    assert len({one.id for one in figures}) == len(figures)
    return {one.id: one.value for one in figures}


def test_of_nobody_it_is_told_that_nobody_was_there():
    found = told()
    assert found["learners/*"] == found["interactions/*"] == found["completions/p"] == 0
    assert not any(name.startswith(("first_score", "last_score")) for name in found)


def test_a_learner_of_two_platforms_counts_once_for_each():
    found = told([did("a"), did("a", "e"), did("b"), did("b", "e"), did("c", kind="quiz")])
    assert (found["learners/p"], found["learners/q"], found["learners/*"]) == (3, 2, 5)


def test_a_kind_with_few_is_counted_with_another_and_neither_is_told():
    found = told([did("a"), did("b"), did("c", kind="quiz", interactions=5, completions=0)])
    assert found["interactions/p"] == 11
    assert found["interactions/p/kind=video"] is found["interactions/p/kind=quiz"] is None
    assert found["completions/p/kind=video"] == 2
    assert found["completions/p/kind=quiz"] == 0


def test_a_platform_with_too_few_is_in_no_total_and_its_own_is_not_zero():
    found = told([did("a"), did("b"), did("c", "e")])
    assert found["interactions/*"] == 6
    assert found["interactions/q"] is None
    assert found["interactions/*/kind=video"] == 6
    assert found["learners/*"] == 2


def test_what_is_of_no_resource_or_of_a_kind_that_is_gone_is_counted_where_it_belongs():
    found = told([did("a", "", None), did("b", kind="gone"), did("c", kind=None)])
    assert found["interactions/p/kind="] == 6
    assert f"interactions/{ADDED_HERE}" not in found


def attempted(learner, first, last, *, outcomes=("o",), attempts=2, at=0.0):
    return Attempts(
        learner=learner,
        dataset="d",
        outcomes=outcomes,
        attempts=attempts,
        first_time=at,
        first=first,
        last_time=at + 1,
        last=last,
    )


def test_scores_go_from_the_first_to_the_last_attempt_at_an_outcome():
    found = told(
        attempts=[
            attempted("a", 0.2, 0.6),
            attempted("b", 0.0, 0.0, attempts=1, at=5),
            attempted("b", 0.4, 1.0, attempts=1, at=9, outcomes=("o", "u")),
            attempted("c", 0.9, 0.9, attempts=1),
        ]
    )
    assert found["first_score/p/framework=f"] == pytest.approx(0.1)
    assert found["last_score/p/framework=f"] == pytest.approx(0.8)
    assert found["mastery_gained/p/framework=f"] == pytest.approx((0.8 - 0.1) / (1 - 0.1))
    assert "last_score/p/framework=g" not in found


def test_nothing_is_gained_where_nothing_was_lacking_and_it_can_be_lost():
    full = [attempted(name, 1.0, last) for name, last in (("a", 1.0), ("b", 0.5))]
    assert "mastery_gained/p/framework=f" not in told(attempts=full)
    lost = [attempted(name, 0.5, 0.25) for name in "ab"]
    assert told(attempts=lost)["mastery_gained/p/framework=f"] == pytest.approx(-0.5)


def test_mastery_gained_is_kept_back_where_the_scores_are():
    found = told(attempts=[attempted("a", 0.1, 0.5)])
    assert found["mastery_gained/p"] is found["last_score/p"] is None


def test_an_outcome_that_is_gone_is_left_out():
    assert "first_score/p" not in told(
        attempts=[attempted(name, 0.1, 0.2, outcomes=("gone",)) for name in "ab"]
    )


def test_with_noise_every_figure_can_still_be_told_and_comes_out_the_same_again():
    done = [did(str(number)) for number in range(200)]
    noisy = replace(PLAIN, epsilon=20.0, secret=b"s")
    found = told(done, privacy=noisy)
    assert found == told(done, privacy=noisy)
    assert found["interactions/p"] != 600
    assert found["interactions/p"] == pytest.approx(600, abs=600)


def test_how_many_used_a_kind_is_not_told_since_the_rest_would_be():
    found = told([did("a"), did("b"), did("a", kind="quiz"), did("c", kind="quiz")])
    assert [name for name in found if name.startswith("learners/p")] == ["learners/p"]
