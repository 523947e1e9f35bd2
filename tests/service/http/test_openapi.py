import json

import pytest

METHODS = {"get", "put", "post", "delete"}


@pytest.fixture
def document(client):
    return client.get("/openapi.json").json()


def operations(document):
    for path, found in document["paths"].items():
        for method in METHODS & set(found):
            yield path, found[method]


def test_every_promised_route_is_described(document):
    described = {f"{path}" for path, _ in operations(document)}
    for path in (
        "/v1/frameworks",
        "/v1/outcomes",
        "/v1/resources",
        "/v1/suggestions",
        "/v1/suggestions:batch",
        "/v1/decisions",
        "/v1/decisions.csv",
        "/v1/crosswalks",
        "/v1/crosswalks/{framework}/{other}",
        "/v1/crosswalks/decisions",
        "/v1/projects",
        "/recommend",
        "/v1/alignments.csv",
        "/healthz",
        "/readyz",
        "/metrics",
    ):
        assert path in described


def test_operation_ids_are_unique_and_read_well(document):
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert {"list_frameworks", "suggest_outcomes", "keep_decision", "undo_decision"} <= set(ids)
    assert not any("v1" in name for name in ids)


def test_every_body_that_is_sent_has_an_example(document):
    schemas = document["components"]["schemas"]
    for path, operation in operations(document):
        body = operation.get("requestBody")
        if body is not None:
            (sent,) = body["content"].values()
            name = sent["schema"]["$ref"].rsplit("/", 1)[1]
            assert schemas[name]["examples"], path


def test_the_examples_are_accepted(document, client):
    schemas = document["components"]["schemas"]
    for example in schemas["SuggestionRequest"]["examples"]:
        assert client.post("/v1/suggestions", json=example).status_code in (200, 404)
    for example in schemas["NewResource"]["examples"]:
        assert client.post("/v1/resources", json=example).status_code == 201


def test_every_error_is_described_as_problem_details(document):
    for path, operation in operations(document):
        assert "default" in operation["responses"], path
        for status, response in operation["responses"].items():
            if status >= "400":
                content = dict(response["content"])
                problem = content.pop("application/problem+json")
                assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert not content or (path, status) == ("/v1/interactions", "422")
    assert "HTTPValidationError" not in json.dumps(document)


def test_interfaces_that_others_made_say_400_of_what_is_invalid(document):
    for path in ("/recommend", "/v1/projects/{project_id}/suggest"):
        responses = document["paths"][path]["post"]["responses"]
        assert "400" in responses
        assert "422" not in responses


def test_pages_for_people_are_not_part_of_the_api(document):
    assert {"/", "/decisions", "/undo"}.isdisjoint(document["paths"])
