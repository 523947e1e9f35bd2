import asyncio
import errno
import shutil
import threading
import time

import httpx
import pytest

from data.catalogue.work_tables import wanted_index
from data.errors import UnavailableError
from models.snapshots.manifest import published
from models.snapshots.publishing import index_catalogue
from service.engine.live import POLL_SECONDS, Live
from tests.patience import PATIENCE, until

TEXT = "How magnets attract iron nails"


def index_in_use(client):
    return client.get("/readyz").json()["index"]


def failing_once(monkeypatch, part, error):
    """Have a method of Live's raise an error once, when it has to do with a new index."""
    name = part.rpartition(".")[2]
    work, errors = getattr(Live, name), [error]

    def fail(self, given):
        if errors and given is not self._serving:
            raise errors.pop()
        return work(self, given)

    monkeypatch.setattr(part, fail)


@pytest.fixture
def asking(server):
    """Four clients that ask all the time; their answers, until the test ends it."""
    answers, over = [], threading.Event()

    def ask():
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            while not over.is_set():
                answers.append(client.post("/v1/suggestions", json={"text": TEXT, "k": 3}))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()

    def end():
        over.set()
        for thread in threads:
            thread.join()
        return answers

    yield answers, end
    end()


def test_a_new_index_is_taken_into_use_under_load_without_a_failed_request(
    server, settings, asking
):
    answers, end = asking
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        first = index_in_use(client)
        until(lambda: len(answers) > 20)
        second, made = index_catalogue(settings, rebuild=True)
        assert made
        until(lambda: index_in_use(client) == second.id)
        until(lambda: answers[-1].json()["index"] == second.id)
    found = end()
    assert {answer.status_code for answer in found} == {200}
    assert {answer.json()["index"] for answer in found} == {first, second.id}
    best = {answer.json()["items"][0]["outcome"]["id"] for answer in found}
    assert best == {"explain-how-magnets-attract-iron"}


def test_a_damaged_new_index_leaves_the_one_before_in_use(server, settings):
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        first = index_in_use(client)
        second, _ = index_catalogue(settings, rebuild=True)
        newest = published(settings.home / "snapshots")[0]
        assert newest.name == second.id
        (newest / "outcomes.faiss").write_bytes(b"")
        time.sleep(2 * POLL_SECONDS)
        assert index_in_use(client) == first
        assert client.post("/v1/suggestions", json={"text": TEXT}).json()["index"] == first


def test_an_outcome_that_an_import_retired_is_not_suggested(server, import_without):
    gone = "explain-how-magnets-attract-iron"
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:

        def suggested():
            items = client.post("/v1/suggestions", json={"text": TEXT}).json()["items"]
            return [item["outcome"]["id"] for item in items]

        assert suggested()[0] == gone
        import_without(gone)
        until(lambda: gone not in suggested())


def test_a_long_encoding_does_not_keep_others_waiting(server, shared_encoder, monkeypatch):
    encode, held = type(shared_encoder).encode, threading.Event()
    begun = threading.Event()

    def slow(self, texts, progress=None):
        begun.set()
        assert held.wait(PATIENCE)
        return encode(self, texts, progress)

    monkeypatch.setattr(type(shared_encoder), "encode", slow)

    async def ask():
        async with httpx.AsyncClient(base_url=server.url, timeout=PATIENCE) as client:
            asked = asyncio.create_task(client.post("/v1/suggestions", json={"text": TEXT}))
            while not begun.is_set():
                await asyncio.sleep(0.01)
            others = [await client.get(path) for path in ("/healthz", "/v1/resources", "/")]
            waiting = not asked.done()
            held.set()
            return others, waiting, await asked

    others, waiting, answer = asyncio.run(ask())
    assert waiting
    assert {other.status_code for other in others} == {200}
    assert answer.json()["items"]


def test_an_index_whose_folder_is_not_here_yet_is_taken_when_it_comes(
    server, settings, catalogue, monkeypatch
):
    monkeypatch.setattr("service.engine.live.POLL_SECONDS", 0.1)
    first = catalogue.servers.wanted()
    second, _ = index_catalogue(settings, rebuild=True)
    catalogue.servers.want(first.index, host="here", now=1.0)
    folder = settings.home / "snapshots" / second.id
    away = folder.rename(settings.home / second.id)
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        until(lambda: index_in_use(client) == first.index)
        catalogue.servers.want(second.id, host="elsewhere", now=2.0)
        until(lambda: client.get("/readyz").json()["status"] == "degraded")
        until(lambda: f"{folder}: is to be served" in client.get("/readyz").json()["why"])
        assert client.post("/v1/suggestions", json={"text": TEXT}).json()["index"] == first.index

        whole = (away / "outcomes.faiss").read_bytes()
        (away / "outcomes.faiss").write_bytes(b"half")
        shutil.copytree(away, folder)
        until(lambda: "outcomes.faiss is damaged" in client.get("/readyz").json()["why"])
        assert index_in_use(client) == first.index

        (folder / "outcomes.faiss").write_bytes(whole)
        until(lambda: index_in_use(client) == second.id)
        assert client.get("/readyz").json()["why"] is None


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("service.engine.live.Live._bring_up", UnavailableError("the database is away")),
        ("service.engine.live.Live._loaded", UnavailableError("Milvus is away")),
        ("service.engine.live.Live._loaded", OSError(errno.EMFILE, "too many open files")),
    ],
)
def test_what_failed_for_another_reason_than_its_files_is_taken_at_the_next_look(
    server, settings, monkeypatch, part, error
):
    monkeypatch.setattr("service.engine.live.POLL_SECONDS", 0.1)
    failing_once(monkeypatch, part, error)
    second, _ = index_catalogue(settings, rebuild=True)
    with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
        until(lambda: index_in_use(client) == second.id)


def test_an_index_that_was_published_before_the_catalogue_named_one_is_served(
    opened, settings, catalogue
):
    with catalogue._store.writing() as connection:
        connection.execute(wanted_index.delete())
    client = opened(settings)
    assert index_in_use(client) == published(settings.home / "snapshots")[0].name
    assert client.get("/readyz").json()["status"] == "ready"
