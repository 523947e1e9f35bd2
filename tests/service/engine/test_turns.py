import pytest

from service.engine.turns import Turns
from service.http.problems import BusyError, headers_of, problem_of


class Clock:
    """Stands still unless it is told otherwise."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def crowd(turns, clock, *, each, count=40):
    """So many questions under way, after as many were answered at one every `each` seconds.

    They end when nobody holds what is returned.
    """
    waiting = [turns.turn() for _ in range(count * 2)]
    for turn in waiting:
        turn.__enter__()
    for turn in waiting[:count]:
        clock.now += each
        turn.__exit__(None, None, None)
    return waiting[count:]


def test_few_questions_are_let_in_whatever_they_take(clock):
    turns = Turns(1.0, clock)
    for _ in range(20):
        with turns.turn(), turns.turn():
            clock.now += 100
    assert turns.under_way == 0


def test_what_would_wait_too_long_is_refused_until_others_were_answered(clock):
    turns = Turns(1.0, clock)
    waiting = crowd(turns, clock, each=0.1)
    with pytest.raises(BusyError, match="40 questions are under way"):
        turns.turn().__enter__()
    while len(waiting) > 5:
        clock.now += 0.1
        waiting.pop().__exit__(None, None, None)
    with turns.turn():
        assert turns.under_way == 6


def test_the_same_crowd_is_let_in_where_it_is_answered_quickly(clock):
    turns = Turns(1.0, clock)
    waiting = crowd(turns, clock, each=0.01)
    with turns.turn():
        assert turns.under_way == len(waiting) + 1


def test_answers_that_come_a_batch_at_a_time_are_no_slower_than_one_by_one(clock):
    turns = Turns(5.0, clock)
    first, *others = waiting = [turns.turn() for _ in range(65)]
    for turn in waiting:
        turn.__enter__()
    first.__exit__(None, None, None)  # alone, as the first batch is
    for _ in range(10):
        clock.now += 0.5
        for turn in others[:32]:
            turn.__exit__(None, None, None)
            other = turns.turn()
            other.__enter__()
            others.append(other)
        del others[:32]


def test_many_that_come_together_are_let_in_together_or_not_at_all(clock):
    turns = Turns(1.0, clock)
    with turns.turn(1000):
        assert turns.under_way == 1000
    waiting = crowd(turns, clock, each=0.1)
    with pytest.raises(BusyError):
        turns.turn(2).__enter__()
    assert turns.under_way == len(waiting)


def test_a_question_that_fails_leaves_its_place(clock):
    turns = Turns(1.0, clock)
    with pytest.raises(KeyError), turns.turn():
        raise KeyError
    assert turns.under_way == 0


def test_who_is_refused_is_told_when_to_come_again(clock):
    turns = Turns(1.0, clock)
    waiting = crowd(turns, clock, each=0.1)
    with pytest.raises(BusyError) as refused:
        turns.turn().__enter__()
    assert turns.under_way == len(waiting)
    assert problem_of(refused.value, "/v1/suggestions").status == 429
    assert headers_of(refused.value)["Retry-After"] in {"3", "4"}
    assert len(waiting) == turns.under_way
