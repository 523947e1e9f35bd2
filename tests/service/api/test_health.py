import threading

import pytest

from data.errors import BrokenError
from models.snapshots.publishing import index_catalogue
from tests.patience import until


def test_it_is_alive_and_ready(client, settings):
    assert client.get("/healthz").json() == {"status": "alive"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["index"] == (settings.home / "snapshots" / "current").read_text()


def test_without_an_index_it_is_alive_but_not_ready(opened, empty_settings, problem_in):
    client = opened(empty_settings)
    assert client.get("/healthz").status_code == 200
    assert "gateways index" in problem_in(client.get("/readyz"), 503)["detail"]
    assert client.get("/v1/frameworks").json() == {"items": [], "next": None}
    assert client.get("/").status_code == 200


def test_an_index_of_another_model_is_named_with_the_command_that_mends_it(
    opened, settings, hashing, monkeypatch, problem_in
):
    monkeypatch.setattr("models.snapshots.open.load_encoder", lambda *_: hashing)
    client = opened(settings)
    assert "gateways index" in problem_in(client.get("/readyz"), 503)["detail"]
    problem_in(client.post("/v1/suggestions", json={"text": "a"}), 503)


def test_a_database_that_cannot_be_written_is_named_while_it_cannot(
    opened, settings, monkeypatch, problem_in
):
    def full(*_):
        raise BrokenError("catalogue.sqlite: the disk is full")

    monkeypatch.setattr("service.engine.presence.LOOK_SECONDS", 0.05)
    monkeypatch.setattr("service.engine.presence.REPORT_SECONDS", 0)
    with monkeypatch.context() as patched:
        patched.setattr("data.catalogue.servers.Servers.report", full)
        client = opened(settings)
        until(lambda: client.get("/readyz").status_code == 503)
        assert "disk is full" in problem_in(client.get("/readyz"), 503)["detail"]
    until(lambda: client.get("/readyz").status_code == 200)


def test_it_is_ready_while_another_writes(client):
    with client.app.state.parts.catalogue.intake("long", rehearsal=True):
        assert client.get("/readyz").json()["status"] == "ready"


def test_what_does_not_answer_is_told_after_a_while_and_asked_once_at_a_time(
    opened, settings, monkeypatch, problem_in
):
    answer, asked = threading.Event(), []

    def hang(*_):
        asked.append(None)
        answer.wait()

    monkeypatch.setattr("service.engine.readiness.WITHIN_SECONDS", 0.05)
    monkeypatch.setattr("service.engine.readiness.Readiness._read_index", hang)
    client = opened(settings)
    for _ in range(3):
        assert "the index has not answered" in problem_in(client.get("/readyz"), 503)["detail"]
    assert len(asked) == 1
    answer.set()


def test_without_its_milvus_it_says_so_and_serves_what_does_not_need_it(
    opened, settings, milvus, problem_in
):
    there = settings.model_copy(update={"index": "milvus", "milvus": milvus.address})
    index_catalogue(there, rebuild=True)
    assert opened(there).get("/readyz").status_code == 200
    gone = opened(there.model_copy(update={"milvus": "http://127.0.0.1:9"}))
    for answer in (gone.get("/readyz"), gone.post("/v1/suggestions", json={"text": "volcano"})):
        assert "Milvus at http://127.0.0.1:9 " in problem_in(answer, 503)["detail"]
    assert gone.get("/v1/resources/volcano").status_code == 200
    assert "Inside a volcano" in gone.get("/find", params={"q": "volcano"}).text


@pytest.mark.parametrize("name", ["openapi.json", "metrics"])
def test_what_describes_the_service_is_there(client, name):
    assert client.get(f"/{name}").status_code == 200
