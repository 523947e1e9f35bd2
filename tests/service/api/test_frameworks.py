import pytest


def walk(client, path, **query):
    """All items of a list, page by page."""
    items, cursor = [], None
    while True:
        page = client.get(path, params={**query, **({"cursor": cursor} if cursor else {})}).json()
        assert set(page) == {"items", "next"}
        assert len(page["items"]) <= query["limit"]
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


def test_frameworks_are_listed_with_the_state_of_their_outcomes(client):
    items = client.get("/v1/frameworks").json()["items"]
    assert [item["id"] for item in items] == ["maths", "science"]
    assert all(item["fingerprint"] for item in items)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_every_framework_is_on_some_page_once(client, limit):
    items = walk(client, "/v1/frameworks", limit=limit)
    assert [item["id"] for item in items] == ["maths", "science"]


def test_one_framework_is_read(client):
    found = client.get("/v1/frameworks/maths").json()
    assert (found["id"], found["dataset"], found["language"]) == ("maths", "tiny", None)


@pytest.mark.parametrize("path", ["/v1/frameworks/none", "/v1/frameworks/none/outcomes"])
def test_an_unknown_framework_is_not_found(client, path, problem_in):
    assert "'none'" in problem_in(client.get(path), 404)["detail"]


@pytest.mark.parametrize("limit", [1, 4, 50])
def test_a_walk_over_the_pages_meets_every_outcome_once_in_order(client, limit):
    items = walk(client, "/v1/frameworks/maths/outcomes", limit=limit)
    ids = [item["id"] for item in items]
    assert len(ids) == len(set(ids)) == 16
    assert [item["position"] for item in items] == sorted(item["position"] for item in items)


def test_the_tree_is_walked_from_the_roots_to_the_children(client):
    path = "/v1/frameworks/maths/outcomes"
    roots = client.get(path, params={"parent": ""}).json()["items"]
    assert [root["title"] for root in roots] == ["Fractions", "Shapes", "Data"]
    below = client.get(path, params={"parent": roots[2]["id"]}).json()["items"]
    assert below[0]["title"] == "Read a bar chart"
    assert len(below) == 3


def test_outcomes_of_a_framework_are_searched_and_filtered(client):
    path = "/v1/frameworks/maths/outcomes"
    found = client.get(path, params={"q": "DECIMAL"}).json()["items"]
    assert [item["title"] for item in found] == ["Write a fraction as a decimal"]
    headings = client.get(path, params={"level": "Year 4"}).json()["items"]
    assert {item["assignable"] for item in headings} == {False}


@pytest.mark.parametrize("path", ["/v1/outcomes", "/v1/resources"])
@pytest.mark.parametrize("cursor", ["!", "e30", "W10", "x" * 300])
def test_a_cursor_that_no_page_gave_is_refused(client, path, cursor, problem_in):
    assert "cursor" in problem_in(client.get(path, params={"cursor": cursor}), 422)["detail"]


@pytest.mark.parametrize("cursor", ["!", "x" * 300])
def test_what_no_framework_can_be_called_is_refused_as_a_cursor(client, cursor, problem_in):
    problem = problem_in(client.get("/v1/frameworks", params={"cursor": cursor}), 422)
    assert "cursor" in problem["detail"]


@pytest.mark.parametrize("path", ["/v1/frameworks", "/v1/frameworks/maths"])
def test_what_is_unchanged_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
