from concurrent.futures import ThreadPoolExecutor

import pytest

TEXT = "Pupils add fractions with the same denominator"


def test_the_right_outcome_comes_first_and_tells_its_path(suggested):
    answer = suggested(text=TEXT, k=3)
    first = answer["items"][0]
    assert first["outcome"]["id"] == "add-fractions-with-the-same-denominator"
    assert first["outcome"]["path"] == ["Fractions", "Add fractions with the same denominator"]
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3]
    assert set(first) == {"outcome", "rank", "score", "confidence", "selected", "reasons"}
    assert answer["suggestion_id"]
    assert answer["model"]
    assert answer["index"]


def test_a_framework_filter_holds(suggested):
    answer = suggested(text=TEXT, frameworks=["science"], k=5)
    assert {item["outcome"]["framework"] for item in answer["items"]} == {"science"}


def test_a_text_without_words_is_answered_with_the_cause_and_what_would_help(suggested):
    answer = suggested(text="123 …")
    assert answer["items"] == []
    assert answer["abstained"]["cause"] == "no text"
    assert answer["abstained"]["help"]


def test_a_language_that_the_encoder_does_not_know_is_an_abstention(suggested):
    assert suggested(text=TEXT, language="hi")["abstained"]["cause"] == "language not supported"


@pytest.mark.parametrize(
    "body", [{}, {"text": TEXT, "k": 0}, {"text": TEXT, "language": "no tag"}, {"texts": TEXT}]
)
def test_a_malformed_request_is_a_problem_that_names_the_field(client, problem_in, body):
    assert problem_in(client.post("/v1/suggestions", json=body), 422)["errors"]


def test_an_unknown_resource_is_not_found(client, problem_in):
    problem_in(client.post("/v1/suggestions", json={"resource_id": "nobody"}), 404)


def test_each_of_a_batch_gets_an_answer_or_a_problem_of_its_own(client):
    items = [{"text": TEXT}, {"resource_id": "nobody"}, {"resource_id": "volcano"}]
    answered = client.post("/v1/suggestions:batch", json={"items": items}).json()["items"]
    assert [item["problem"] is None for item in answered] == [True, False, True]
    assert answered[1]["problem"]["status"] == 404
    first = answered[2]["answer"]["items"][0]
    assert first["outcome"]["id"] == "explain-how-volcanoes-erupt"


def test_a_resource_added_over_http_is_suggestible_and_findable_at_once(client, suggested):
    new = {"id": "bulb", "title": "Light a bulb with a cell and a switch", "language": "en"}
    assert client.post("/v1/resources", json=new).status_code == 201
    answer = suggested(resource_id="bulb")
    assert answer["items"][0]["outcome"]["id"] == "build-a-simple-electric-circuit"
    found = client.get("/v1/resources", params={"q": "electric circuit", "search": "meaning"})
    assert found.json()["items"][0]["id"] == "bulb"


def test_requests_at_the_same_time_each_get_their_own_answer(suggested):
    texts = ["How volcanoes erupt with lava", "Magnets attract iron nails", "Draw a bar chart"]
    alone = {text: first_of(suggested(text=text)) for text in texts}
    asked = texts * 8
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda text: suggested(text=text), asked))
    assert [first_of(answer) for answer in answers] == [alone[text] for text in asked]
    assert len({answer["suggestion_id"] for answer in answers}) == len(asked)


def first_of(answer):
    return answer["items"][0]["outcome"]["id"]


def test_a_question_that_would_wait_too_long_is_refused_before_anything_is_looked_up(client):
    turns = client.app.state.parts.turns
    turns._seconds, turns._answers = 60.0, 1.0
    with turns.turn():
        refused = client.post("/v1/suggestions", json={"resource_id": "nobody knows it"})
    assert refused.status_code == 429, refused.text
    assert refused.headers["Retry-After"]
