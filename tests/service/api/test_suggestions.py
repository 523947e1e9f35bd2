import pytest

from service.api.suggestion_wire import BatchAnswer, Suggestions

ADD = "add-fractions-with-the-same-denominator"


def ids(answer):
    return [item["outcome"]["id"] for item in answer["items"]]


def test_a_text_gets_the_outcomes_it_teaches_best_first(suggested):
    answer = suggested(text="Pupils add fractions that have the same denominator", k=5)
    assert ids(answer)[0] == ADD
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3, 4, 5]
    scores = [item["score"] for item in answer["items"]]
    assert scores == sorted(scores, reverse=True)


def test_an_answer_has_exactly_the_promised_fields(suggested):
    answer = suggested(text="Pupils add fractions", k=1)
    assert set(answer) == {"items", "next", "suggestion_id", "model", "index", "abstained"}
    (item,) = answer["items"]
    assert set(item) == {"outcome", "rank", "score", "confidence", "selected", "reasons"}
    assert set(item["outcome"]) == {"id", "framework", "code", "title", "path"}
    assert item["outcome"]["path"] == ["Fractions", item["outcome"]["title"]]
    assert 0 <= item["confidence"] <= 1
    for reason in item["reasons"]:
        assert set(reason) == {"kind", "strength", "words"}
    assert "fractions" in [word for reason in item["reasons"] for word in reason["words"]]


def test_an_answer_is_as_the_description_of_the_api_says(suggested):
    Suggestions.model_validate(suggested(text="Volcanoes", k=3), strict=False)
    Suggestions.model_validate(suggested(text="12345"))


def test_a_resource_is_asked_about_by_its_id(suggested):
    answer = suggested(resource_id="volcano")
    assert ids(answer)[0] == "explain-how-volcanoes-erupt"
    assert answer["items"][0]["selected"]


def test_an_unknown_resource_is_not_found(client, problem_in):
    problem_in(client.post("/v1/suggestions", json={"resource_id": "none"}), 404)


@pytest.mark.parametrize("body", [{}, {"text": "a", "resource_id": "pizza"}])
def test_one_question_is_asked_at_a_time(client, body, problem_in):
    problem = problem_in(client.post("/v1/suggestions", json=body), 422)
    assert "either text or resource_id" in problem["detail"]


@pytest.mark.parametrize("k", [0, 101, -1, "many"])
def test_k_is_between_1_and_100(client, k, problem_in):
    problem = problem_in(client.post("/v1/suggestions", json={"text": "a", "k": k}), 422)
    assert problem["errors"][0]["pointer"] == "#/k"


def test_filters_hold_for_every_suggestion(suggested):
    answer = suggested(text="Add fractions", frameworks=["science"], k=100)
    assert {item["outcome"]["framework"] for item in answer["items"]} == {"science"}
    assert suggested(text="Add fractions", levels=["Year 4"], languages=["en"], k=100)["items"]


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ({"text": ""}, "no text"),
        ({"text": " \n 123 "}, "no text"),
        ({"text": "Bonjour", "language": "fr"}, "language not supported"),
        ({"text": "ما هي الكسور"}, "language not supported"),
        ({"text": "fractions", "frameworks": ["none"]}, "no outcome passes the filters"),
        ({"text": "tax law for companies abroad"}, "nothing close enough"),
    ],
)
def test_where_nothing_fits_the_answer_says_why_and_what_would_help(suggested, body, cause):
    answer = suggested(**body)
    assert answer["abstained"]["cause"] == cause
    assert answer["abstained"]["help"]
    assert answer["suggestion_id"]
    assert not any(item["selected"] for item in answer["items"])


def test_a_language_that_is_no_tag_is_refused(client, problem_in):
    body = {"text": "a", "language": "Klingon please"}
    assert "BCP 47" in problem_in(client.post("/v1/suggestions", json=body), 422)["detail"]


def test_what_was_shown_is_in_the_ledger_before_the_answer_leaves(suggested, catalogue):
    answer = suggested(resource_id="volcano", k=3)
    kept = catalogue.ledger.showing(answer["suggestion_id"])
    assert (kept.resource, kept.model, kept.index) == ("volcano", answer["model"], answer["index"])
    assert [shown.outcome for shown in kept.shown] == ids(answer)
    assert [shown.confidence for shown in kept.shown] == [
        item["confidence"] for item in answer["items"]
    ]
    assert kept.frameworks["science"] == catalogue.frameworks.get("science").fingerprint


def test_a_batch_answers_each_item_or_says_what_is_wrong_with_it(client, suggested):
    items = [
        {"text": "Add fractions", "k": 2},
        {"text": "a", "k": 0},
        {"resource_id": "none"},
        "no object",
        {"resource_id": "volcano", "k": 1},
    ]
    body = client.post("/v1/suggestions:batch", json={"items": items}).json()
    BatchAnswer.model_validate(body)
    answers = [item["answer"] for item in body["items"]]
    problems = [item["problem"] for item in body["items"]]
    assert ids(answers[0]) == ids(suggested(text="Add fractions", k=2))
    assert ids(answers[4]) == ["explain-how-volcanoes-erupt"]
    assert [problem and problem["status"] for problem in problems] == [None, 422, 404, 422, None]
    assert problems[1]["instance"] == "/v1/suggestions:batch#/items/1"
    assert problems[1]["errors"][0]["pointer"] == "#/k"


@pytest.mark.parametrize("count", [0, 65])
def test_a_batch_has_1_to_64_items(client, count, problem_in):
    body = {"items": [{"text": "a"}] * count}
    problem_in(client.post("/v1/suggestions:batch", json=body), 422)


def test_a_whole_batch_is_answered_in_its_order(client, suggested):
    titles = ["Read a bar chart", "Describe the water cycle", "Find equivalent fractions"]
    items = [{"text": titles[number % 3], "k": 1} for number in range(64)]
    body = client.post("/v1/suggestions:batch", json={"items": items}).json()
    found = [item["answer"]["items"][0]["outcome"]["title"] for item in body["items"]]
    assert found == [item["text"] for item in items]


def test_without_an_index_it_says_what_to_run(opened, empty_settings, problem_in):
    response = opened(empty_settings).post("/v1/suggestions", json={"text": "a"})
    assert "gateways index" in problem_in(response, 503)["detail"]
    assert response.headers["retry-after"]
