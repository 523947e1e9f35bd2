import pytest

NEW = {
    "id": "web/electric lamp",
    "title": "Light a lamp",
    "description": "Connect a battery, two wires and a lamp so that the circuit is closed.",
    "language": "en",
}
URL = "/v1/resources/web%2Felectric%20lamp"


@pytest.fixture
def lamp(client):
    response = client.post("/v1/resources", json=NEW)
    assert response.status_code == 201, response.text
    return response


def test_a_new_resource_can_be_read_where_the_answer_says(client, lamp):
    assert lamp.headers["location"] == URL
    found = client.get(URL)
    assert found.json() == lamp.json()
    assert found.headers["etag"] == lamp.headers["etag"]
    assert found.json()["title"] == "Light a lamp"


def test_a_new_resource_is_suggestible_and_found_by_meaning_at_once(client, lamp, suggested):
    answer = suggested(resource_id=NEW["id"])
    assert answer["items"][0]["outcome"]["id"] == "build-a-simple-electric-circuit"
    query = {"q": "electricity experiment", "search": "meaning"}
    assert client.get("/v1/resources", params=query).json()["items"][0]["id"] == NEW["id"]


def test_a_resource_without_an_id_gets_one(client):
    made = client.post("/v1/resources", json={"title": "Magnets"}).json()
    other = client.post("/v1/resources", json={"title": "Magnets"}).json()
    assert made["id"] != other["id"]
    assert client.get(f"/v1/resources/{made['id']}").json()["title"] == "Magnets"


def test_an_id_that_is_taken_is_a_conflict(client, lamp, problem_in):
    problem_in(client.post("/v1/resources", json={**NEW, "title": "Another"}), 409)
    assert client.get(URL).json()["title"] == "Light a lamp"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/title"),
        ({"title": "  ", "description": ""}, "#/title"),
        ({"title": "a", "language": "not a language"}, "#/language"),
        ({"title": "a" * 20_001}, "#/title"),
        ({"title": "nul\x00"}, "#/title"),
        ({"title": "a", "titel": "b"}, "#/titel"),
        ({"title": "a", "id": ""}, "#/id"),
        ({"title": "a", "id": "x" * 501}, "#/id"),
        ({"title": "a", "levels": "Year 4"}, "#/levels"),
        ({"title": "a", "text": "b" * 20_001}, "#/text"),
    ],
)
def test_what_an_import_would_refuse_is_refused_with_the_reason(client, body, pointer, problem_in):
    problem = problem_in(client.post("/v1/resources", json=body), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert len(problem["errors"][0]["reason"]) > 10


def test_a_title_of_one_word_is_taken_in_and_answered(client, suggested):
    client.post("/v1/resources", json={"id": "one", "title": "Hmm"})
    answer = suggested(resource_id="one")
    assert answer["abstained"] is None or answer["abstained"]["help"]


def test_resources_are_searched_by_words_and_filtered(client):
    def ids(**query):
        return [item["id"] for item in client.get("/v1/resources", params=query).json()["items"]]

    assert ids() == ["chart", "moon", "pizza", "volcano"]
    assert ids(q="PIZZA") == ["pizza"]
    assert ids(kind="video") == ["volcano"]
    assert ids(language="fr") == []


def test_a_search_by_meaning_puts_the_nearest_first_and_keeps_to_the_filters(client):
    def ids(**query):
        query = {"search": "meaning", "q": "lava and magma", **query}
        return [item["id"] for item in client.get("/v1/resources", params=query).json()["items"]]

    assert ids()[0] == "volcano"
    assert sorted(ids()) == ["chart", "moon", "pizza", "volcano"]
    assert ids(limit=1) == ["volcano"]
    assert ids(limit=1, kind="exercise") == ["moon"]
    assert ids(language="fr") == []


def test_a_search_by_meaning_needs_a_text(client, problem_in):
    problem = problem_in(client.get("/v1/resources?search=meaning"), 422)
    assert problem["errors"][0]["pointer"] == "?q"


def test_lists_leave_out_the_long_fields_that_one_resource_has(client):
    item = client.get("/v1/resources").json()["items"][0]
    one = client.get(f"/v1/resources/{item['id']}").json()
    assert set(one) - set(item) == {"text", "extra"}
    assert one["extra"] == {"licence_url": "https://example.org/cc0"}


def test_a_replaced_resource_is_found_by_its_new_meaning_only(client, lamp):
    body = {"title": "How fossils form", "description": "Bones turn to stone under layers of mud."}
    assert client.put(URL, json=body).status_code == 200
    query = {"q": "bones in rock", "search": "meaning", "limit": 1}
    assert client.get("/v1/resources", params=query).json()["items"][0]["id"] == NEW["id"]
    found = client.get("/v1/resources", params={**query, "limit": 10}).json()["items"]
    assert [item["id"] for item in found].count(NEW["id"]) == 1


def test_an_unchanged_resource_is_not_sent_again_and_a_changed_one_is(client, lamp):
    tag = {"If-None-Match": lamp.headers["etag"]}
    assert client.get(URL, headers=tag).status_code == 304
    client.put(URL, json={"title": "Changed"})
    assert client.get(URL, headers=tag).json()["title"] == "Changed"


def test_what_has_changed_since_it_was_read_is_not_overwritten(client, lamp, problem_in):
    tag = {"If-Match": lamp.headers["etag"]}
    first = client.put(URL, json={"title": "First"}, headers=tag)
    assert first.status_code == 200
    assert first.headers["etag"] != lamp.headers["etag"]
    problem_in(client.put(URL, json={"title": "Second"}, headers=tag), 412)
    assert client.get(URL).json()["title"] == "First"
    assert client.put(URL, json={"title": "Third"}, headers={"If-Match": "*"}).status_code == 200


def test_replacing_keeps_the_uninterpreted_fields_unless_new_ones_are_given(client):
    client.put("/v1/resources/pizza", json={"title": "Pizza"})
    kept = client.get("/v1/resources/pizza").json()
    assert kept["extra"] == {"licence_url": "https://example.org/cc0"}
    client.put("/v1/resources/pizza", json={"title": "Pizza", "extra": {"minutes": 5}})
    assert client.get("/v1/resources/pizza").json()["extra"] == {"minutes": 5}


def test_an_unknown_resource_is_not_found(client, problem_in):
    problem_in(client.get("/v1/resources/none"), 404)
    problem_in(client.get("/v1/resources/none/alignments"), 404)
    problem_in(client.put("/v1/resources/none", json={"title": "a"}), 404)


def test_alignments_have_the_path_and_who_says_so(client):
    page = client.get("/v1/resources/volcano/alignments").json()
    (item,) = page["items"]
    assert item["outcome"]["path"] == ["Earth and sky", "Explain how volcanoes erupt"]
    assert item["relation"] == "teaches"
    assert item["provenance"]["agent"] == "dataset:tiny"


def test_a_resource_is_described_as_a_learning_resource(client):
    answer = client.get("/v1/resources/volcano/lrmi")
    assert answer.headers["content-type"] == "application/ld+json"
    node = answer.json()
    assert node["@context"] == ["https://schema.org", {"extra": "urn:gateways:extra:"}]
    assert (node["@type"], node["identifier"]) == ("LearningResource", "volcano")
    assert node["@id"] == "http://127.0.0.1/resources/volcano"
    (term,) = node["teaches"]
    assert term["name"] == "Explain how volcanoes erupt"
    assert client.get(term["url"], headers={"accept": "text/html"}).status_code == 200


def test_what_is_not_there_is_not_described(client, problem_in):
    problem_in(client.get("/v1/resources/none/lrmi"), 404)
