"""Answers of made-up learners whose abilities are known, and what is learned of them."""

import numpy as np
import pytest

from models.learner import tracing
from models.learner.evidence import Evidence
from models.learner.fitting import (
    SHARES,
    between,
    fit_elo,
    fit_logistic,
    fit_start,
    fit_tracer,
    log_loss,
    part_of,
    scores_of,
    traced,
)
from models.log_odds import probabilities

START, DAY = 1.7e9, 86400.0


def made_up(learners, answers, seed):
    """Learners who learn by practice, at outcomes and items of which some are hard."""
    draw = np.random.default_rng(seed)
    hard = np.linspace(-2, 2, 6)
    found = {}
    for number in range(learners):
        ability, practised = draw.normal(0, 0.4), np.zeros(6)
        mine = []
        for place in range(answers):
            outcome, item = draw.integers(6), draw.integers(4)
            odds = ability + 0.5 * practised[outcome] - hard[outcome] + 1.5 * (item - 1.5)
            practised[outcome] += 1
            mine.append(
                Evidence(
                    time=START + place * DAY,
                    item=f"{outcome}-{item}",
                    outcomes=((str(outcome), 1.0),),
                    score=float(draw.random() < 1 / (1 + np.exp(-odds))),
                )
            )
        found[f"l{number}"] = mine
    return found


def loss(tracer, histories):
    return log_loss(probabilities(traced(tracer, histories)), scores_of(histories))


@pytest.fixture(scope="module")
def many():
    return made_up(60, 40, seed=1)


@pytest.fixture(scope="module")
def fitted(many):
    return fit_tracer(many)


def test_of_many_learners_is_learned_what_holds_for_others(many, fitted):
    held_out = made_up(30, 40, seed=2)
    assert fitted.kind == "logistic"
    assert fitted.share >= 0.5
    assert loss(fitted, held_out) < loss(fit_elo(many), held_out) - 0.02
    assert (fitted.learners, fitted.answers) == (60, 2400)


def test_of_very_few_little_is_made():
    few = made_up(3, 5, seed=3)
    tracer = fit_tracer(few)
    assert tracer.share <= SHARES[1]
    held_out = made_up(30, 40, seed=2)
    assert loss(tracer, held_out) < loss(fit_logistic(few), held_out)


def test_where_one_learner_decides_elo_stays():
    alone = fit_tracer(made_up(1, 10, seed=4))
    assert (alone.kind, alone.share, alone.weights) == ("start", 0.0, tracing.START)


@pytest.mark.parametrize("scores", [[], [1.0, 1.0], [0.0, 0.3]])
def test_nothing_is_fitted_on_answers_that_all_say_the_same(scores):
    mine = [Evidence(time=START, outcomes=(), score=score) for score in scores]
    with pytest.raises(ValueError, match="some right and some wrong"):
        fit_tracer({"l": mine} if mine else {})


def test_between_two_tracers_the_log_odds_are_a_share_of_the_way(many):
    start, logistic = fit_start(many), fit_logistic(many)
    part = made_up(4, 10, seed=5)
    halfway = traced(between(start, logistic, 0.5), part)
    np.testing.assert_allclose(halfway, (traced(start, part) + traced(logistic, part)) / 2)
    np.testing.assert_allclose(traced(between(start, logistic, 0.0), part), traced(start, part))


def test_the_same_answers_are_fitted_alike(many, fitted):
    few = {who: many[who] for who in list(many)[:12]}
    first, again = fit_tracer(few), fit_tracer(dict(few))
    assert first == again


def test_a_score_in_between_is_partly_a_success():
    def learners(score):
        return {
            f"l{number}": [
                Evidence(time=START, outcomes=(("a", 1.0),), score=each)
                for each in (score, score, 1.0, 0.0)
            ]
            for number in range(8)
        }

    told = [
        probabilities(traced(fit_logistic(learners(score), ()), learners(score)))[0]
        for score in (0.0, 0.3, 0.7, 1.0)
    ]
    assert told == sorted(told)
    assert told[0] < told[1] < told[2] < told[3]


def test_times_before_clocks_are_taken_for_an_order(many):
    untimed = {
        who: [
            Evidence(time=float(place), item=one.item, outcomes=one.outcomes, score=one.score)
            for place, one in enumerate(found)
        ]
        for who, found in list(many.items())[:6]
    }
    assert not fit_elo(untimed).timed
    assert fit_elo(many).timed


def test_a_learner_is_always_in_the_same_part_and_every_part_has_some():
    parts = [part_of(f"l{number}", 5) for number in range(200)]
    assert parts == [part_of(f"l{number}", 5) for number in range(200)]
    assert set(parts) == set(range(5))
