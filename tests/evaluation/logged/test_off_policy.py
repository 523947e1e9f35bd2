"""Estimates from a log whose drawing and whose rewards are known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import GatewaysError
from evaluation.logged.off_policy import FirstPlace, check, estimate, probabilities
from evaluation.logged.policies import uniform, without_exploration
from models.learner.picking import Candidate, pick

# What each candidate earns on average, the best by worth first, in two situations equally likely.
REWARDS = ((0.9, 0.3), (0.6, 0.2, 0.2, 0.2, 0.9))
EXPLORED, SEEDS = 0.5, 20


def last(place):
    found = np.zeros(len(place.candidates))
    found[-1] = 1.0
    return found


WORTH = {without_exploration: 0.75, uniform: 0.51, last: 0.6}


def place(row, **changed):
    """One of many that differ in nothing that matters."""
    made = FirstPlace(
        answer=f"answer {row}",
        learner=f"l{row % 12}",
        time=float(row),
        policy="made",
        candidates=("a", "b"),
        shown=0,
        propensity=0.5,
        reward=float(row % 2),
    )
    return replace(made, **changed)


def simulated(seed, answers=1200, learners=100):
    """A log of the program's own draw, of learners some of whom fare better with everything."""
    generator = np.random.default_rng(seed)
    able = generator.choice([-0.1, 0.1], learners)
    return [
        drawn(row, int(generator.integers(learners)), able, generator) for row in range(answers)
    ]


def drawn(row, learner, able, generator):
    rewards = REWARDS[generator.integers(2)]
    candidates = [
        Candidate(resource=each, outcome=each, score=1 - each / 10, kind=str(each))
        for each in range(len(rewards))
    ]
    (first,) = pick(candidates, 1, seed=int(generator.integers(2**32)), explored=EXPLORED)
    shown = first.candidate.resource
    return place(
        row,
        learner=f"l{learner}",
        candidates=tuple(str(each) for each in range(len(rewards))),
        shown=shown,
        propensity=first.propensity,
        reward=float(generator.random() < rewards[shown] + able[learner]),
    )


@pytest.fixture(scope="module")
def logs():
    return [simulated(seed) for seed in range(SEEDS)]


def covers(bounded, truth):
    return bounded.low <= truth <= bounded.high


@pytest.mark.slow
@pytest.mark.parametrize("policy", WORTH)
def test_estimates_are_right_on_average_and_their_intervals_hold_the_truth(logs, policy):
    found = [estimate(log, probabilities(policy, log)) for log in logs]
    for name in ("ips", "snips"):
        each = [getattr(one, name) for one in found]
        values = np.array([one.value for one in each])
        error = values.std(ddof=1) / SEEDS**0.5
        assert values.mean() == pytest.approx(WORTH[policy], abs=3 * error)
        assert sum(covers(one, WORTH[policy]) for one in each) >= SEEDS - 3
    assert {(one.clipped, one.tells) for one in found} == {(0, True)}
    assert np.mean([one.mean_weight.value for one in found]) == pytest.approx(1, abs=0.02)


def test_means_that_leave_out_how_it_was_drawn_are_wrong(logs):
    for log in logs:
        as_logged = estimate(log, np.array([one.propensity for one in log]))
        assert not covers(as_logged.snips, WORTH[uniform])
        assert covers(estimate(log, probabilities(uniform, log)).snips, WORTH[uniform])
    matching = [
        np.mean([one.reward for one in log if one.shown == len(one.candidates) - 1]) for log in logs
    ]
    assert np.mean(matching) < WORTH[last] - 0.1


def test_the_error_falls_as_the_log_grows():
    found = [
        estimate(log, probabilities(last, log)) for log in map(simulated, [7] * 2, [200, 5000])
    ]
    few, many = (one.snips.high - one.snips.low for one in found)
    assert many < few / 3
    assert found[1].snips.value == pytest.approx(WORTH[last], abs=0.04)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(1e-6, 0.999), st.floats(0, 1), st.integers(0, 1)),
        min_size=30,
        max_size=60,
    )
)
def test_the_policy_itself_has_weights_of_1(rows):
    log = [
        place(row, propensity=propensity, reward=reward, shown=shown)
        for row, (propensity, reward, shown) in enumerate(rows)
    ]
    found = estimate(log, np.array([one.propensity for one in log]))
    assert found.snips == found.ips
    assert found.ips.value == pytest.approx(np.mean([one.reward for one in log]), abs=1e-4)
    assert (found.mean_weight.low, found.mean_weight.high) == (1, 1)
    assert (found.clipped, found.effective_answers, found.tells) == (0, len(log), True)
    assert (found.ahead.value, found.ahead.low, found.ahead.high) == (0, 0, 0)


def test_answers_of_one_learner_are_not_counted_as_if_of_many():
    log = simulated(3, answers=300, learners=40)
    once, often = (estimate(one, probabilities(uniform, one)) for one in (log, log * 4))
    assert (often.ips, often.snips, often.ahead) == (once.ips, once.snips, once.ahead)


def test_a_weight_is_cut_at_the_root_of_the_answers_and_that_is_told():
    log = [place(row, reward=1.0) for row in range(99)] + [place(99, propensity=0.01, reward=1.0)]
    found = estimate(log, np.array([0.0] * 99 + [1.0]))
    assert found.ips.value == pytest.approx(10 / 100)
    assert found.mean_weight.value == pytest.approx(10 / 100)
    assert (found.clipped, found.effective_answers, found.tells) == (0.01, 1, False)
    # Most samples of learners have it, some do not, and of those there is nothing to tell.
    assert (found.snips.value, found.snips.low, found.snips.high) == (1, None, None)


def test_of_what_was_never_shown_nothing_is_told():
    found = estimate([place(row) for row in range(40)], np.zeros(40))
    assert (found.ips.value, found.snips.value, found.ahead.value) == (0, None, None)
    assert (found.effective_answers, found.tells) == (0, False)


def test_a_policy_half_of_which_was_never_drawn_is_not_told_from_the_other_half():
    log = [place(row, propensity=0.99) for row in range(120)]
    found = estimate(log, np.array([1.0, 1.0, 0.0, 0.0] * 30))
    assert found.effective_answers == 60
    assert found.mean_weight.high < 0.95
    assert not found.tells


@pytest.mark.parametrize("propensity", [0.0, -0.1, 1.0, 1.5, float("nan")])
def test_an_answer_that_cannot_be_weighed_is_named(propensity):
    log = [place(row) for row in range(40)]
    log[7] = replace(log[7], propensity=propensity)
    with pytest.raises(GatewaysError, match=r"'answer 7' of the policy 'made'.*--policy"):
        estimate(log, np.ones(40))


def test_an_only_candidate_is_certain():
    log = [place(row, candidates=("a",), propensity=1.0) for row in range(40)]
    assert estimate(log, probabilities(uniform, log)).ips.value == 0.5


@pytest.mark.parametrize(("answers", "learners"), [(29, 29), (100, 9), (0, 0)])
def test_too_few_are_refused_with_what_would_help(answers, learners):
    log = [place(row, learner=str(row % max(1, learners))) for row in range(answers)]
    said = rf"{answers} answers of {learners} learners.*30 of 10 learners are needed.*--days"
    with pytest.raises(GatewaysError, match=said):
        check(log)
