import pytest

from data.errors import GatewaysError
from models.snapshots.publishing import index_catalogue


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


def test_a_database_that_cannot_be_written_is_named(client, monkeypatch, problem_in):
    def full(*_, **__):
        raise GatewaysError("catalogue.sqlite: the disk is full")

    monkeypatch.setattr("data.catalogue.Catalogue.intake", full)
    assert "disk is full" in problem_in(client.get("/readyz"), 503)["detail"]


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
