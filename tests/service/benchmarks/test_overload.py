import asyncio
from itertools import repeat

import pytest

from service.benchmarks.overload import Offered, offer

REFUSED = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}"
ANSWERED = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def offered(port, within=60.0):
    found = Offered(times=1, rate=50)
    asyncio.run(offer(port, "/", repeat(b"{}"), found, 0.4, within))
    return found


def test_questions_come_at_their_rate_and_those_answered_in_time_are_the_goodput(answering):
    port, sent = answering(ANSWERED)
    found = offered(port)
    assert found.sent == len(sent) == len(found.taken) == 20
    assert found.goodput == pytest.approx(20 / found.seconds)


def test_a_refusal_is_no_goodput_and_no_failure(answering):
    port, _ = answering(REFUSED)
    found = offered(port)
    assert (found.refused, found.failed, found.goodput) == (20, 0, 0)


def test_who_has_waited_too_long_goes_away(answering):
    port, sent = answering(b"")
    found = offered(port, within=0.2)
    assert found.late == found.sent == len(sent) == 20
