import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learner.difficulty import Difficulties
from models.learner.evidence import Evidence
from models.learner.history import LAST, History

LEVEL = Difficulties()  # where everything is as easy as it is hard

ANSWERS = st.builds(
    Evidence,
    time=st.floats(0, 1e9),
    item=st.sampled_from([None, "i", "j"]),
    outcomes=st.lists(
        st.tuples(st.sampled_from("abc"), st.floats(0.7, 1)), max_size=2, unique_by=lambda x: x[0]
    ).map(tuple),
    score=st.floats(0, 1),
    weight=st.sampled_from([0.1, 0.3, 1.0, 2.0]),
)


def taken(*answers, difficulties=LEVEL):
    history = History()
    for one in answers:
        history.observe(one, difficulties)
    return history


def about(outcome="a", score=1.0, weight=1.0, time=1.0, item=None, certainty=1.0):
    outcomes = ((outcome, certainty),)
    return Evidence(time=time, item=item, outcomes=outcomes, score=score, weight=weight)


def test_a_success_raises_what_is_known_of_the_learner_the_outcome_and_no_other_outcome():
    history = taken(about("a"))
    assert history.ability > 0
    assert history.of("a").ability > 0
    assert history.of("b").ability == 0
    assert (history.of("a").successes, history.of("b").answers) == (1.0, 0.0)


def test_a_failure_lowers_as_a_success_raises():
    up, down = taken(about("a", 1.0)), taken(about("a", 0.0))
    assert up.ability == pytest.approx(-down.ability)
    assert up.of("a").ability == pytest.approx(-down.of("a").ability)


def test_the_more_was_answered_the_less_one_more_answer_changes():
    def change(before):
        earlier = [about("a", number % 2) for number in range(before)]
        history = taken(*earlier, about("a", 1.0))
        return history.ability - taken(*earlier).ability

    assert change(0) > change(10) > change(100) > 0


def test_a_weak_answer_and_an_unsure_alignment_change_less():
    sure = taken(about()).of("a").ability
    assert 0 < taken(about(weight=0.3)).of("a").ability < sure
    assert 0 < taken(about(certainty=0.7)).of("a").ability < sure


def test_success_at_what_is_hard_says_more_than_at_what_is_easy():
    hard = taken(about(), difficulties=Difficulties(outcomes={"a": -2.0}))
    easy = taken(about(), difficulties=Difficulties(outcomes={"a": 2.0}))
    assert hard.ability > easy.ability > 0
    assert hard.mean_surprise > easy.mean_surprise > 0


def test_the_latest_results_come_newest_first_and_weak_answers_are_none_of_them():
    scores = [0.0, 0.0, 1.0, 0.5, 1.0, 1.0]
    history = taken(*(about(score=score) for score in scores), about(score=0.0, weight=0.3))
    newest_first = [2 * score - 1 for score in reversed(scores)]
    assert history.of("a").latest == tuple(newest_first[:LAST])
    assert history.of("a").answers == pytest.approx(len(scores) + 0.3)


def test_items_are_counted_apart_from_outcomes():
    history = taken(about(item="i"), about(item="j", score=0.0))
    assert history.of_item("i").successes == 1.0
    assert history.of_item("j").failures == 1.0
    assert history.of_item(None).answers == history.of_item("k").answers == 0.0


@settings(max_examples=40)
@given(st.lists(ANSWERS, max_size=30))
def test_counts_are_the_weights_and_rates_stay_rates_whatever_is_answered(answers):
    history = taken(*answers)
    weights = sum(one.weight for one in answers)
    assert history.successes + history.failures == pytest.approx(weights)
    assert history.steps == len(answers)
    assert all(0 <= rate <= 1 for rate in history.rates)
    every = [*history.outcomes.values(), *history.items.values()]
    assert all(0 <= done.recent <= 1 for done in every)
    assert all(-1 <= result <= 1 for done in every for result in done.latest)
    assert all(map(math.isfinite, [history.ability, *(done.ability for done in every)]))
