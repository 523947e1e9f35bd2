import pytest


def walk(client, path, **params):
    """Every item of a list, page by page."""
    items, cursor = [], None
    while True:
        extra = {"cursor": cursor} if cursor else {}
        page = client.get(path, params={"limit": 3, **params, **extra}).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


def test_frameworks_are_listed_and_read(client):
    assert [item["id"] for item in walk(client, "/v1/frameworks")] == ["maths", "science"]
    assert client.get("/v1/frameworks/maths").json()["id"] == "maths"


def test_a_cursor_walk_gives_every_outcome_once(client):
    found = [item["id"] for item in walk(client, "/v1/outcomes", framework="maths")]
    assert len(found) == len(set(found)) > 10


def test_an_outcome_tells_its_path_and_children(client):
    heading = client.get("/v1/outcomes/maths-fractions").json()
    assert "find-equivalent-fractions" in str(heading["children"])
    leaf = client.get("/v1/outcomes/find-equivalent-fractions").json()
    assert leaf["path"][0] == "Fractions"


def test_the_resources_of_an_outcome_are_listed(client):
    path = "/v1/outcomes/explain-how-volcanoes-erupt/resources"
    assert "volcano" in str(client.get(path).json())


def test_outcomes_are_searched_by_words(client):
    found = walk(client, "/v1/outcomes", q="volcanoes")
    assert [item["id"] for item in found] == ["explain-how-volcanoes-erupt"]


def test_alignments_tell_where_they_come_from(client):
    found = client.get("/v1/resources/volcano/alignments").json()["items"]
    assert [item["outcome"] for item in found] or found
    assert "dataset:" in str(found)


def test_a_resource_is_made_read_changed_and_not_changed_twice(client, problem_in):
    made = client.post("/v1/resources", json={"title": "Shadows", "language": "en"})
    assert made.status_code == 201
    path = made.headers["location"]
    read = client.get(path)
    etag = read.headers["etag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    body = {"title": "Shadows and light", "language": "en"}
    changed = client.put(path, json=body, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert client.get(path).json()["title"] == "Shadows and light"
    problem_in(client.put(path, json=body, headers={"If-Match": etag}), 412)


def test_an_id_that_is_taken_is_a_conflict(client, problem_in):
    problem_in(client.post("/v1/resources", json={"id": "pizza", "title": "Pizza"}), 409)


@pytest.mark.parametrize("path", ["frameworks/x", "outcomes/x", "resources/x", "nowhere"])
def test_what_is_not_there_is_a_problem(client, problem_in, path):
    problem_in(client.get(f"/v1/{path}"), 404)


def test_a_malformed_cursor_is_a_problem(client, problem_in):
    problem_in(client.get("/v1/outcomes", params={"cursor": "%%%"}), 422)


def test_a_body_that_is_too_large_is_refused(client, problem_in):
    problem_in(client.post("/v1/resources", json={"title": "x", "text": "y" * 50_000_000}), 413)


def test_health_readiness_and_metrics_are_told(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    client.post("/v1/suggestions", json={"text": "volcano"})
    assert "gateways" in client.get("/metrics").text


def test_without_an_index_it_says_what_to_run(opened, empty_settings, problem_in):
    client = opened(empty_settings)
    assert "gateways index" in problem_in(client.get("/readyz"), 503)["detail"]
    answer = client.post("/v1/suggestions", json={"text": "volcano"})
    assert "gateways index" in problem_in(answer, 503)["detail"]
