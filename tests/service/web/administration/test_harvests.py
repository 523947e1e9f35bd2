"""Sources that are harvested, on the administrators' page."""

import pytest

from data.records import Platform, Source


@pytest.fixture
def source(catalogue):
    made = Source(name="an archive/1", kind="oai", url="http://10.0.0.1/oai", created=1.0)
    catalogue.sources.add(made)
    return made


def test_sources_are_listed_with_how_their_harvest_ended(client, catalogue, source):
    assert "Never harvested" in client.get("/administration").text
    catalogue.sources.keep_state(source.name, {"finished": 1000.0})
    assert "Harvested to the end" in client.get("/administration").text
    catalogue.sources.keep_state(source.name, {"tried": 1000.0, "error": "status <404>"})
    said = client.get("/administration").text
    assert "status &lt;404&gt;" in said
    assert "goes on where it was" in said


def test_sources_of_both_kinds_are_told_apart(client, catalogue, source):
    board = Source(name="board", kind="case", url="http://10.0.0.1/ims/case/v1p1", created=1.0)
    catalogue.sources.add(board)
    catalogue.sources.keep_state("board", {"tried": 1000.0, "begun": True})
    said = client.get("/administration").text
    assert "OAI-PMH · " in said
    assert "CASE · " in said
    assert "unfinished" in said


def test_a_harvest_is_started_as_a_job(client, source):
    response = client.post("/administration/sources/an%20archive%2F1/harvest")
    assert response.status_code == 303
    page = client.get(response.headers["location"])
    assert "gateways harvest -- an archive/1" in page.text


def test_a_source_that_is_not_known_is_told(client):
    assert client.post("/administration/sources/none/harvest").status_code == 404


def test_a_source_is_given_a_platform(client, catalogue, source):
    there = "/administration/sources/an%20archive/1"
    assert "Of no platform" not in client.get(there).text
    catalogue.platforms.put(Platform(id="hill", name="<Hill>", operator="x", created=1.0))
    assert client.post(f"{there}/change", data={"platform": "hill"}).status_code == 303
    assert catalogue.sources.get(source.name).platform == "hill"
    assert 'value="hill" dir="auto" selected>&lt;Hill&gt;' in client.get(there).text
    assert "<bdi>&lt;Hill&gt;</bdi>" in client.get("/administration").text
    assert client.post(f"{there}/change", data={"platform": "vale"}).status_code == 404
    assert client.post(f"{there}/change", data={"platform": ""}).status_code == 303
    assert catalogue.sources.get(source.name).platform is None
