from dataclasses import replace

import pytest

from data.records import Platform, Source


@pytest.fixture
def client(school, school_settings, shared):
    return school


@pytest.fixture
def shared(school_settings):
    from data.catalogue import Catalogue

    with Catalogue.open(school_settings.catalogue_url) as catalogue:
        (dataset,) = catalogue.datasets.all()
        with catalogue.intake(dataset.name) as intake, intake.batch() as batch:
            batch.put_dataset(replace(dataset, source="https://x.org"), 1.0)
        for id_ in ("a", "b"):
            catalogue.platforms.put(
                Platform(
                    id=id_, name=id_.upper(), operator="x", languages=("en", "fr"), created=1.0
                )
            )
        catalogue.platforms.assign(dataset.name, "b")
        catalogue.sources.add(
            Source(
                name=dataset.name,
                kind="oai",
                url="https://x.org",
                state={"error": "secret place", "tried": 4e9},
                created=1.0,
            )
        )
        yield catalogue


def test_the_register_is_a_list_in_pages(client):
    first = client.get("/v1/platforms", params={"limit": 1}).json()
    assert [one["id"] for one in first["items"]] == ["a"]
    rest = client.get("/v1/platforms", params={"cursor": first["next"]}).json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (["b"], None)


def test_a_platform_is_told_with_what_it_has_and_how_its_sources_do(client, shared):
    answer = client.get("/v1/platforms/b")
    told = answer.json()
    assert (told["name"], told["languages"]) == ("B", ["en", "fr"])
    assert (told["frameworks"], told["resources"], told["aligned"]) == (2, 9, 9)
    assert told["resource_languages"] == {"en": 8, "fr": 1}
    assert told["kinds"] == {"video": 4, "quiz": 4, "game": 1}
    assert told["licenses"] == {"": 9}
    assert [one["own"] for one in told["served_frameworks"]] == [4, 1]
    (source,) = told["sources"]
    assert (source["health"], source["time"], told["updated"]) == ("failed", 4e9, 4e9)
    assert "secret" not in answer.text
    tag = {"If-None-Match": answer.headers["etag"]}
    assert client.get("/v1/platforms/b", headers=tag).status_code == 304


def test_what_is_of_no_platform_comes_first_without_an_id(client, shared):
    shared.platforms.remove("b")
    none, first = client.get("/v1/platforms").json()["items"]
    assert (none["id"], none["name"], none["resources"]) == (None, None, 9)
    assert first["id"] == "a"
    assert client.get("/v1/platforms/b").status_code == 404


def test_resources_are_found_of_one_platform_and_told_by_it(client):
    found = client.get("/v1/resources", params={"platform": "b", "limit": 2}).json()
    assert [one["platform"] for one in found["items"]] == ["b", "b"]
    assert client.get("/v1/resources", params={"platform": "a"}).json()["items"] == []
    refused = client.get("/v1/resources", params={"platform": "none"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "?platform"


def test_a_source_of_frameworks_is_told_with_its_platform_and_what_it_brought(client, shared):
    board = Source(name="board", kind="case", url="https://x.org/v1p1", created=1.0)
    shared.sources.add(replace(board, platform="a", state={"begun": True, "tried": 3.0}))
    (source,) = client.get("/v1/platforms/a").json()["sources"]
    assert source == {"name": "board", "platform": "a", "health": "unfinished", "time": 3.0}
    assert board.brings("board/x")
    assert not board.brings("board")
