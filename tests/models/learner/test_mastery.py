import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Event, Voice
from models.learner.mastery import HELD, MASTERED, mastery_of

DAY = 86400.0


@pytest.fixture(scope="module")
def pair(school):
    """Two outcomes that have nothing to do with one another."""
    return school("ab")


def test_a_view_is_never_evidence(pair, used):
    views = [used("r-a", Event.VIEWED, ago=count, score=1.0) for count in range(9)]
    assert pair.mastery(*views) == pair.mastery()


def test_a_completion_without_a_score_says_less_than_one_with_a_score(pair, used):
    bare = pair.mastery(used("r-a", Event.COMPLETED))["a"]
    scored = pair.mastery(used("r-a", Event.COMPLETED, score=1.0))["a"]
    assert pair.mastery()["a"] < bare < scored


def test_answers_show_most_at_their_outcome_and_a_little_at_others(pair, answer):
    before = pair.mastery()
    right = pair.mastery(*(answer("a", 1.0, ago) for ago in range(5)))
    wrong = pair.mastery(*(answer("a", 0.0, ago) for ago in range(5)))
    assert right["a"] > right["b"] > before["b"] > wrong["b"] > wrong["a"]
    assert right["a"] >= MASTERED > 0.5 > wrong["a"]


@pytest.mark.parametrize("can", [0.0, 0.4, 1.0])
def test_a_teachers_word_is_the_estimate_and_stands(pair, answer, said, can):
    word = said("a", can, Voice.TEACHER, ago=100)
    later = [answer("a", 1.0 - can, ago) for ago in range(20)]
    contested = said("a", 1.0 - can)
    assert pair.mastery(word)["a"] == can
    assert pair.mastery(word, *later, contested)["a"] == can
    assert pair.mastery(word, *later, contested, level=0.0)["a"] == can


def test_a_teachers_later_word_takes_the_place_of_the_earlier(pair, said):
    first, second = said("a", 1.0, Voice.TEACHER, ago=2), said("a", 0.0, Voice.TEACHER, ago=1)
    assert pair.mastery(first, second)["a"] == 0.0


def test_a_teachers_word_leaves_no_doubt(pair, said):
    found = pair.recommended(said("a", 0.4, Voice.TEACHER)).mastery
    (low_a, low_b), (high_a, high_b) = found.bounds([0, 1])
    assert low_a == high_a == 0.4
    assert low_b < found.probability[1] < high_b


@pytest.mark.parametrize(("answers", "visibly"), [(0, 0.1), (6, 0.1), (60, 0.01)])
@pytest.mark.parametrize("score", [0.0, 1.0])
def test_a_contested_estimate_moves_visibly(pair, answer, said, score, answers, visibly):
    earlier = [answer("a", score, ago=10 + ago) for ago in range(answers)]
    before = pair.mastery(*earlier)["a"]
    after = pair.mastery(*earlier, said("a", 1 - score))["a"]
    assert (before - after if score else after - before) > visibly


def test_what_was_gained_is_forgotten_and_what_was_lacking_stays(pair, answer):
    gained = [answer("a", 1.0, ago) for ago in range(6)]
    lacking = [answer("a", 0.0, ago) for ago in range(6)]

    def later(events, days):
        return pair.mastery(*events, now=pair.now + days * DAY)

    fading = [later(gained, days)["a"] for days in (0, 7, 60, 600)]
    assert fading == sorted(fading, reverse=True)
    assert fading[0] - fading[-1] > 0.05
    assert fading[-1] > pair.mastery()["a"], "some of it stays"
    assert later(gained, 600)["b"] == later(gained, 0)["b"]
    assert later(lacking, 600) == pytest.approx(later(lacking, 0), abs=0.02)


def test_the_estimate_without_forgetting_is_known_too(pair, answer):
    learner = pair.learner(*(answer("a", 1.0, ago) for ago in range(6)))
    found = [
        mastery_of(learner, pair.curriculum, pair.tracer, pair.now + days * DAY)
        for days in (0, 100)
    ]
    assert found[1].remembered[0] == pytest.approx(found[0].belief[0])
    assert found[1].remembered[0] > found[1].belief[0]
    assert found[1].remembered[1] == found[1].belief[1]


def test_an_estimate_is_the_surer_the_more_it_rests_on(pair, answer):
    def width(count):
        events = [answer("a", number % 2, ago=number) for number in range(count)]
        low, high = pair.recommended(*events).mastery.bounds([0])
        return float(high[0] - low[0])

    widths = [width(count) for count in (0, 2, 6, 20)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[-1]


def test_success_at_what_builds_on_an_outcome_lifts_it_the_less_the_further_away(school, answer):
    row = school(["a", "b", "c", "d", "e", "other"], "b<a c<b d<c e<d")
    before, after = row.mastery(), row.mastery(answer("e", 1.0))
    lifted = {name: after[name] - before[name] for name in before}
    assert lifted["e"] > lifted["d"] > lifted["c"] > lifted["b"] > lifted["a"]
    assert lifted["a"] == lifted["other"], "four edges away nothing is told"


def test_what_an_outcome_builds_on_speaks_for_and_against_it(school, answer):
    row = school(["a", "b", "other"], "b<a")
    before, passed, failed = (
        row.mastery(*events) for events in ((), (answer("a", 1.0),), (answer("a", 0.0),))
    )
    assert passed["b"] - before["b"] > passed["other"] - before["other"] > 0
    assert failed["b"] - before["b"] < failed["other"] - before["other"] < 0


def test_failure_says_nothing_of_what_an_outcome_builds_on(school, answer):
    row = school(["a", "b", "other"], "b<a")
    failed = row.mastery(answer("b", 0.0))
    assert failed["a"] == failed["other"]


def test_what_is_below_the_learners_level_is_likelier_known_until_it_is_answered(school, answer):
    years = school(["a:Grade 3", "b:Grade 4", "c:Grade 5", "d:"])
    at_four = years.mastery(level=1.0)
    assert at_four["a"] > at_four["b"] > at_four["c"]
    assert at_four["d"] == at_four["b"], "what is of no level is taken for one's own"

    def told_by_level(answers):
        events = [answer("a", 0.5, ago) for ago in range(answers)]
        at_five, anywhere = years.mastery(*events, level=2.0), years.mastery(*events)
        return log_odds(at_five["a"]) - log_odds(anywhere["a"])

    assert told_by_level(0) > told_by_level(4) > 4 * abs(told_by_level(40))


def log_odds(probability):
    return math.log(probability / (1 - probability))


@st.composite
def worked(draw):
    """Edges between five outcomes, what was answered of them, and one pair (builds on, needed)."""
    edge = st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"))
    edges = draw(st.lists(edge, max_size=8))
    answers = draw(
        st.lists(
            st.tuples(
                st.sampled_from("abcde"),
                st.sampled_from([0.0, 0.5, 1.0]),
                st.floats(1, 400 * DAY),
            ),
            max_size=10,
        )
    )
    return " ".join(f"{one}<{other}" for one, other in edges), answers


@settings(max_examples=40)
@given(worked(), st.sampled_from("abcde"), st.sampled_from([None, 0.0, 1.0]))
def test_one_more_success_lowers_no_estimate_anywhere(school, answer, situation, outcome, level):
    edges, answers = situation
    names = [f"{name}:Grade {place // 2}" for place, name in enumerate("abcde")]
    place, events = school(names, edges), [answer(*one) for one in answers]
    before = place.mastery(*events, level=level)
    after = place.mastery(*events, answer(outcome, 1.0), level=level)
    # It also tells how this learner learns, by which other answers are read a little otherwise.
    assert all(after[name] >= before[name] - 0.03 for name in before)
    assert after[outcome] > before[outcome]


@settings(max_examples=40)
@given(worked(), st.sampled_from("abcde"))
def test_what_a_teacher_grants_lowers_no_estimate_anywhere(school, answer, said, situation, one):
    edges, answers = situation
    place, events = school("abcde", edges), [answer(*each) for each in answers]
    before = place.mastery(*events)
    after = place.mastery(*events, said(one, 1.0, Voice.TEACHER))
    assert {name: after[name] for name in before if name != one} == {
        name: before[name] for name in before if name != one
    }


@settings(max_examples=40)
@given(worked(), st.floats(0, 400))
def test_estimates_are_probabilities_within_their_bounds(school, answer, situation, days):
    edges, answers = situation
    place = school("abcde", edges)
    found = place.recommended(
        *(answer(*one) for one in answers), now=place.now + days * DAY
    ).mastery
    low, high = found.bounds(range(5))
    assert ((low >= 0) & (low <= found.probability) & (found.probability <= high)).all()
    assert (high <= 1).all()
    assert (found.remembered >= found.belief - 1e-12).all()
    assert found.mastered[found.probability >= MASTERED].all()
    assert (
        found.probability[found.mastered] >= HELD
    ).all()  # what was shown is held a little longer


def test_without_fitting_what_is_said_is_not_the_belief_that_chooses_and_with_it_is(pair, answer):
    learner = pair.learner(*(answer("a", score, ago) for score, ago in ((1, 3), (1, 2), (0, 1))))
    found, fitted = (
        mastery_of(learner, pair.curriculum, tracer, pair.now)
        for tracer in (pair.tracer, replace(pair.tracer, share=1.0))
    )
    assert abs(found.probability[0] - found.belief[0]) > 0.01
    assert (fitted.probability == fitted.belief).all()


@settings(max_examples=40)
@given(worked())
def test_what_is_said_is_on_the_side_of_what_the_next_step_is_chosen_by(school, answer, situation):
    edges, answers = situation
    found = school("abcde", edges).recommended(*(answer(*one) for one in answers)).mastery
    assert (found.mastered == (found.probability >= MASTERED)).all()
