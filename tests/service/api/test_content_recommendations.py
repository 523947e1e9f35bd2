"""Content for the topics of others, over the tiny catalogue."""

from uuid import UUID

import pytest

from service.api import content_recommendations

CHANNEL, TOPIC, ABOVE = (str(UUID(int=n, version=4)) for n in (1, 2, 3))


def topic(**more):
    ancestors = [{"id": ABOVE, "title": "Earth science", "description": "", "level": 0}]
    return {
        "id": TOPIC,
        "channel_id": CHANNEL,
        "title": "Volcanoes and lava",
        "description": "",
        "language": "en",
        "ancestors": ancestors,
        **more,
    }


@pytest.fixture
def ask(client):
    def send(*topics, **query):
        response = client.post("/recommend", json={"topics": list(topics)}, params=query)
        assert response.status_code == 200, response.text
        return response.json()["topics"]

    return send


def test_each_topic_gets_the_resources_that_are_nearest(ask):
    other = str(UUID(int=9, version=4))
    volcanoes, moon = ask(topic(), topic(id=other, title="The Moon", ancestors=[]))
    assert (volcanoes["id"], moon["id"]) == (TOPIC, other)
    first = volcanoes["recommendations"][0]
    assert (first["id"], first["rank"], first["title"]) == ("volcano", 1, "Inside a volcano")
    assert first["channel_id"] is None
    assert moon["recommendations"][0]["id"] == "moon"
    similar = [one["similarity"] for one in volcanoes["recommendations"]]
    assert similar == sorted(similar, reverse=True)


def test_what_stands_above_a_topic_tells_what_it_is_about(ask):
    part = {"title": "Part 2", "ancestors": []}
    above = {"id": ABOVE, "title": "Fractions of a pizza", "description": "", "level": 0}
    (told,) = ask(topic(**part | {"ancestors": [above]}))
    assert told["recommendations"][0]["id"] == "pizza"


def test_other_languages_and_the_own_channel_are_left_out(ask, client):
    node = str(UUID(int=7, version=4))
    for number, (channel, language) in enumerate([(CHANNEL, "en"), (ABOVE, "fr"), (ABOVE, "en")]):
        body = {
            "id": str(UUID(int=70 + number, version=4)) if number < 2 else node,
            "channel_id": channel,
            "title": "Volcanoes and lava",
            "language": language,
        }
        assert client.post("/embed-content", json={"resources": [body]}).status_code == 200
    (found,) = ask(topic())
    first, *rest = found["recommendations"]
    assert (first["id"], first["channel_id"]) == (node, ABOVE)
    assert {one["id"] for one in rest} <= {"volcano", "pizza", "moon", "chart"}


def test_what_hardly_stands_out_is_given_only_when_the_threshold_is_lifted(ask, client):
    bodies = [
        {"id": str(UUID(int=100 + n, version=4)), "title": title, "language": "en"}
        for n, title in enumerate(f"Spelling and grammar, lesson {n}" for n in range(40))
    ]
    assert client.post("/embed-content", json={"resources": bodies}).status_code == 200
    (found,) = ask(topic())
    (all_,) = ask(topic(), override_threshold=True)
    assert found["recommendations"][0]["id"] == "volcano"
    assert len(found["recommendations"]) < len(all_["recommendations"]) == 20


def test_content_is_taken_in_and_its_newer_state_takes_its_place(client, catalogue):
    content = str(UUID(int=5, version=4))
    body = {
        "id": TOPIC,
        "content_id": content,
        "channel_id": CHANNEL,
        "channel_version": 3,
        "title": "Halves",
        "text": "Cut it.",
        "language": "pt-BR",
        "files": [{"url": "https://example.org/a.mp4", "preset": "high_res_video"}],
    }
    answer = client.post("/embed-content", json={"resources": [body], "metadata": {}})
    (id_,) = answer.json()["resources"]
    assert id_ == UUID(content).hex
    kept = catalogue.resources.get(id_)
    assert (kept.title, kept.language, kept.text) == ("Halves", "pt-BR", "Cut it.")
    assert kept.extra["node_id"] == UUID(TOPIC).hex
    client.post("/embed-content", json={"resources": [body | {"title": "Quarters", "text": ""}]})
    kept = catalogue.resources.get(id_)
    assert (kept.title, kept.text) == ("Quarters", "Cut it.")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/topics"),
        ({"topics": [topic()], "more": 1}, "#/more"),
        ({"topics": [topic(id="not")]}, "#/topics/0/id"),
        ({"topics": [topic(id=TOPIC.replace("-4", "-1", 1))]}, "#/topics/0/id"),
        ({"topics": [topic(extra=1)]}, "#/topics/0/extra"),
        ({"topics": [topic(language="English")]}, "#/topics/0/language"),
        ({"topics": [topic(ancestors=[{"id": ABOVE}])]}, "#/topics/0/ancestors/0/title"),
    ],
)
def test_what_does_not_fit_the_schema_is_a_bad_request(client, problem_in, body, pointer):
    problem = problem_in(client.post("/recommend", json=body), 400)
    assert problem["errors"][0]["pointer"] == pointer


def test_content_that_says_nothing_is_a_bad_request(client, problem_in):
    body = {"resources": [{"id": TOPIC, "title": " "}]}
    problem_in(client.post("/embed-content", json=body), 400)


def test_without_an_index_nothing_is_recommended_yet(opened, empty_settings, problem_in):
    problem_in(opened(empty_settings).post("/recommend", json={"topics": [topic()]}), 503)


def test_what_takes_too_long_is_said_to(client, problem_in, monkeypatch):
    monkeypatch.setattr(content_recommendations, "SECONDS", 0)
    problem = problem_in(client.post("/recommend", json={"topics": [topic()]}), 408)
    assert "fewer topics" in problem["detail"]
