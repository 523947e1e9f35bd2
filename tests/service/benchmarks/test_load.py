import asyncio
import socket
import threading
from itertools import count

import pytest

from service.benchmarks.load import load

BODIES = (f"{number}".encode() for number in count())


@pytest.fixture
def answering():
    """A server that answers each request as told, and the bodies that it was sent."""
    ending = []

    def start(answer):
        sent, port = [], []
        started = threading.Event()

        async def serve():
            async def client(reader, writer):
                while head := await reader.readuntil(b"\r\n\r\n"):
                    length = int(head.lower().partition(b"content-length:")[2].split()[0])
                    sent.append(await reader.readexactly(length))
                    writer.write(answer)

            server = await asyncio.start_server(client, "127.0.0.1", 0)
            stop = asyncio.Event()
            ending.append((asyncio.get_running_loop(), stop, thread))
            port.append(server.sockets[0].getsockname()[1])
            started.set()
            await stop.wait()
            server.close()

        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        started.wait()
        return port[0], sent

    yield start
    for loop, stop, thread in ending:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


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
