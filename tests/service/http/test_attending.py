"""A request that nobody waits for costs nothing, and there are never more than can be kept."""

import asyncio
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from models.alignment.aligner import Aligner
from service.http import attending
from service.http.attending import Attended
from service.web.rendering import problem_answer
from tests.patience import PATIENCE, until

TEXT = "the phases of the Moon"


@pytest.fixture
def encoded(monkeypatch):
    """What texts were encoded; encoding waits while `may_go_on` is not set."""

    class Encoded(list):
        may_go_on = threading.Event()

    found, encode = Encoded(), Aligner.encode
    found.may_go_on.clear()

    def held(self, queries):
        found.extend(query.text for query in queries)
        assert found.may_go_on.wait(PATIENCE)
        return encode(self, queries)

    monkeypatch.setattr(Aligner, "encode", held)
    yield found
    found.may_go_on.set()


def test_a_client_that_goes_away_costs_no_encoding(server, encoded):
    parts = server.app.state.parts
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(ask, server, "first")]
        until(lambda: encoded == ["first"])
        gone = sent(server, "gone")
        until(lambda: parts.turns.under_way == 2)
        asked.append(pool.submit(ask, server, "stays"))
        until(lambda: parts.turns.under_way == 3)
        gone.close()
        until(lambda: parts.turns.under_way == 2)
        encoded.may_go_on.set()
        assert {answer.result().status_code for answer in asked} == {200}
    assert encoded == ["first", "stays"]
    assert 'status="499"' in parts.metrics.text().decode()


def test_too_many_questions_are_refused_and_the_others_are_answered_right(
    settings, running, monkeypatch
):
    encode, seen = Aligner.encode, []

    def slow(self, queries):
        time.sleep(0.01 * len(queries))
        return encode(self, queries)

    monkeypatch.setattr(Aligner, "encode", slow)
    server = running(settings.model_copy(update={"most_wait": 0.2})).begin()
    try:
        expected = ask(server, TEXT).json()["items"]
        turns = server.app.state.parts.turns
        with ThreadPoolExecutor(80) as pool:
            waiting = [pool.submit(ask, server, TEXT) for _ in range(320)]
            while not all(one.done() for one in waiting):
                seen.append(turns.under_way)
                time.sleep(0.01)
            answers = [one.result() for one in waiting]
    finally:
        server.end()
    statuses = {answer.status_code for answer in answers}
    assert statuses == {200, 429}
    assert max(seen) <= 80
    for answer in answers:
        if answer.status_code == 200:
            assert [one["outcome"]["id"] for one in answer.json()["items"]] == [
                one["outcome"]["id"] for one in expected
            ]
        else:
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json()["detail"].endswith("try again in a moment")


def ask(server, text):
    return httpx.post(f"{server.url}/v1/suggestions", json={"text": text}, timeout=PATIENCE)


def sent(server, text):
    """A connection on which a question was asked, and whose answer nobody has read."""
    body = json.dumps({"text": text}).encode()
    connection = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))
    connection.sendall(
        b"POST /v1/suggestions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    return connection


def scope(path="/", method="GET"):
    return {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}


def test_a_probe_is_answered_however_many_wait(monkeypatch):
    monkeypatch.setattr(attending, "MOST", 1)
    hold, said = asyncio.Event(), []

    async def app(scope, receive, send):
        if scope["path"] == "/held":
            await hold.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def main():
        async def receive(messages):
            if not messages:
                await asyncio.Event().wait()
            return messages.pop()

        async def send(message):
            if "status" in message:
                said.append((message["status"], dict(message["headers"]).get(b"retry-after")))

        attended = Attended(app, problem_answer)

        def asked(path):
            empty = [{"type": "http.request", "body": b"", "more_body": False}]
            return attended(scope(path), lambda: receive(empty), send)

        held = asyncio.create_task(asked("/held"))
        await asyncio.sleep(0)
        await asked("/v1/decisions")
        await asked("/healthz")
        hold.set()
        await held

    asyncio.run(main())
    assert said == [(429, b"1"), (200, None), (200, None)]


def test_what_is_left_to_do_after_the_answer_is_done():
    done, begun = [], asyncio.Event()

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        await asyncio.sleep(0.05)
        done.append(scope["path"])

    async def receive():
        if not begun.is_set():
            begun.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await sent.wait()
        return {"type": "http.disconnect"}

    sent = asyncio.Event()

    async def send(message):
        if message["type"] == "http.response.body":
            sent.set()

    asyncio.run(Attended(app, problem_answer)(scope("/x"), receive, send))
    assert done == ["/x"]
