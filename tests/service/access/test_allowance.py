import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from service.access import allowance
from service.access.allowance import Allowance, who_is_at


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def took(limit, who):
    try:
        limit.take(who)
    except HTTPException as refused:
        assert refused.status_code == 429
        return int(refused.headers["Retry-After"])
    return 0


def test_so_many_at_once_and_then_as_time_passes(clock):
    limit = Allowance(60, 3, clock)
    assert [took(limit, "a") for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 1
    assert [took(limit, "a") for _ in range(2)] == [0, 1]


def test_when_to_ask_again_is_true(clock):
    limit = Allowance(6, 1, clock)
    assert took(limit, "a") == 0
    assert took(limit, "a") == 10
    clock.now += 10
    assert took(limit, "a") == 0


def test_one_who_asks_too_much_takes_nothing_from_another(clock):
    limit = Allowance(60, 1, clock)
    assert [took(limit, who) for who in ("a", "a", "b")] == [0, 1, 0]


def test_none_a_minute_is_no_limit(clock):
    limit = Allowance(0, 1, clock)
    assert not any(took(limit, "a") for _ in range(100))


def test_strangers_without_end_take_no_memory_without_end(clock, monkeypatch):
    monkeypatch.setattr(allowance, "REMEMBERED", 10)
    limit = Allowance(60, 1, clock)
    for number in range(1000):
        limit.take(str(number))
    assert len(limit._buckets) == 10


@given(st.lists(st.floats(0, 100), max_size=200))
def test_no_more_than_the_burst_and_what_time_brings_is_ever_answered(pauses):
    clock = Clock()
    limit, answered = Allowance(60, 5, clock), 0
    for pause in pauses:
        clock.now += pause
        answered += took(limit, "a") == 0
        assert answered <= 5 + clock.now + 1e-6


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("", "", True),
    ],
)
def test_a_host_of_ipv6_counts_as_one_whichever_of_its_addresses_it_takes(one, other, is_same):
    assert (who_is_at(one) == who_is_at(other)) is is_same
