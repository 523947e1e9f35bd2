import pytest

ADD = "add-fractions-with-the-same-denominator"


def test_outcomes_of_all_frameworks_are_searched(client):
    found = client.get("/v1/outcomes", params={"q": "explain"}).json()["items"]
    assert {item["framework"] for item in found} == {"science"}
    assert len(found) == 6
    assert client.get("/v1/outcomes", params={"q": "explain", "framework": "maths"}).json() == {
        "items": [],
        "next": None,
    }


def test_an_outcome_has_its_path_and_its_children(client):
    leaf = client.get(f"/v1/outcomes/{ADD}").json()
    assert leaf["path"] == ["Fractions", "Add fractions with the same denominator"]
    assert leaf["children"] == []
    heading = client.get(f"/v1/outcomes/{leaf['parent']}").json()
    assert heading["path"] == ["Fractions"]
    assert heading["children"][0]["id"] == ADD
    assert len(heading["children"]) == 5


def test_an_unchanged_outcome_is_not_sent_again(client):
    first = client.get(f"/v1/outcomes/{ADD}")
    headers = {"If-None-Match": f'"x", W/{first.headers["etag"]}'}
    assert client.get(f"/v1/outcomes/{ADD}", headers=headers).status_code == 304


def test_the_resources_of_an_outcome_are_listed_with_who_says_so(client):
    page = client.get("/v1/outcomes/explain-how-volcanoes-erupt/resources").json()
    assert page["next"] is None
    (item,) = page["items"]
    assert item["resource"]["title"] == "Inside a volcano"
    assert item["relation"] == "teaches"
    assert item["provenance"]["agent"] == "dataset:tiny"


@pytest.mark.parametrize("path", ["/v1/outcomes/none", "/v1/outcomes/none/resources"])
def test_an_unknown_outcome_is_not_found(client, path, problem_in):
    problem_in(client.get(path), 404)


def test_aligned_resources_come_in_pages(client):
    for name in ("volcano", "pizza", "moon"):
        body = {"resource_id": name, "outcome_id": ADD, "decision": "accept"}
        assert client.post("/v1/decisions", json=body).status_code == 201
    path, found, cursor = f"/v1/outcomes/{ADD}/resources", [], None
    for _ in range(3):
        query = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = client.get(path, params=query).json()
        found += [item["resource"]["id"] for item in page["items"]]
        cursor = page["next"]
    assert (found, cursor) == (["moon", "pizza", "volcano"], None)
