import socket
from itertools import count

import pytest

from service.benchmarks.load import load

BODIES = (f"{number}".encode() for number in count())


def test_every_client_asks_something_else_again_and_again(answering):
    port, sent = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    found = load(port, "/", BODIES, clients=3, seconds=1)
    assert len(found.taken) == len(sent) == len({*sent}) > 3
    assert found.failed == 0
    assert found.rate == pytest.approx(len(sent) / found.seconds)


def test_an_answer_that_is_a_refusal_counts_as_failed(answering):
    port, sent = answering(b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}")
    found = load(port, "/", BODIES, clients=2, seconds=0.5)
    assert found.failed == len(sent) > 0
    assert found.taken == []
    assert found.rate == 0


def test_a_server_that_is_not_there_fails_every_request():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        found = load(deaf.getsockname()[1], "/", BODIES, clients=2, seconds=0.5)
    assert found.failed > 0
    assert found.taken == []


def test_what_came_of_two_rounds_is_joined(answering):
    port, sent = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    first, second = (load(port, "/", BODIES, clients=1, seconds=0.05) for _ in range(2))
    seconds = first.seconds + second.seconds
    first.join(second)
    assert len(first.taken) == len(sent)
    assert first.seconds == seconds
