import json
import logging

import pytest

from data.errors import ConflictError, GatewaysError, NotFoundError, UnavailableError
from service.http.problems import InvalidError, headers_of, problem_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (GatewaysError("g"), 422),
        (NotFoundError("n"), 404),
        (ConflictError("c"), 409),
        (UnavailableError("u"), 503),
        (InvalidError("#/text", "too long"), 422),
        (RuntimeError("secret"), 500),
    ],
)
def test_each_kind_of_error_has_its_status(error, status):
    assert problem_of(error, "/").status == status


def test_an_unexpected_error_tells_nothing_of_itself():
    assert "secret" not in problem_of(RuntimeError("secret"), "/").model_dump_json()


def test_what_may_work_later_says_when():
    assert headers_of(UnavailableError("busy")) == {"Retry-After": "2"}


def test_a_wrong_field_is_pointed_at_with_a_reason(client, problem_in):
    response = client.post("/v1/suggestions", json={"text": "a", "k": 0, "levels": ["1", 2]})
    problem = problem_in(response, 422)
    assert {fault["pointer"] for fault in problem["errors"]} == {"#/k", "#/levels/1"}
    assert all(fault["reason"] for fault in problem["errors"])
    assert problem["instance"] == "/v1/suggestions"


def test_a_wrong_parameter_is_named(client, problem_in):
    problem = problem_in(client.get("/v1/outcomes?limit=0"), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == ["?limit"]


def test_a_wrong_part_of_the_path_is_named_as_one(client, problem_in):
    problem = problem_in(client.delete("/v1/decisions/abc"), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == ["{decision_id}"]
    assert problem["detail"].startswith("{decision_id}: Input should be a valid integer")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe{", b'{"text": "a"} x', b"[" * 100_000])
def test_a_malformed_body_is_a_bad_request(client, body, problem_in):
    response = client.post(
        "/v1/suggestions", content=body, headers={"content-type": "application/json"}
    )
    problem_in(response, 400)


def test_bytes_that_are_no_text_are_told_with_their_place(client, problem_in):
    response = client.post(
        "/v1/suggestions",
        content=b'{"text": "fran\xe7ais"}',
        headers={"content-type": "application/json"},
    )
    detail = problem_in(response, 400)["detail"]
    assert detail == "#: 0xE7 at byte 14 is not UTF-8; send JSON as UTF-8"


def test_a_body_of_another_kind_is_refused(client, problem_in):
    response = client.post("/v1/suggestions", data={"text": "a"})
    problem_in(response, 422)


def test_a_body_whose_kind_is_not_told_is_refused_with_the_header_to_send(client, problem_in):
    problem = problem_in(client.post("/v1/suggestions", content=b'{"text": "a"}'), 422)
    assert problem["detail"].endswith("sent with the header Content-Type: application/json")


def test_half_a_character_is_refused(client, problem_in):
    response = client.post(
        "/v1/suggestions",
        content=b'{"text": "\\ud800 fractions"}',
        headers={"content-type": "application/json"},
    )
    problem_in(response, 422)


def test_an_unknown_path_and_method_are_problems_too(client, problem_in):
    assert "openapi" in problem_in(client.get("/v1/nothing"), 404)["detail"]
    response = client.delete("/v1/frameworks")
    problem_in(response, 405)
    assert response.headers["allow"] == "GET"


def test_a_path_with_line_breaks_stays_on_its_line(client, caplog, problem_in):
    caplog.set_level(logging.INFO)
    problem = problem_in(client.get("/v1/nothing%0Ahere"), 404)
    assert problem["instance"] == "/v1/nothing%0Ahere"
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("service")]
    assert any("/v1/nothing%0Ahere 404" in line for line in lines)
    assert not any("\n" in line for line in lines)


QUOTING = "quotes «my private text»"


def test_what_nobody_foresaw_is_answered_without_internals_and_logged_without_texts(
    client, monkeypatch, caplog, problem_in
):
    def broken(*_):
        raise RuntimeError(QUOTING)

    monkeypatch.setattr("service.asking.suggesting.showing", broken)
    response = client.post("/v1/suggestions", json={"text": "my private text about fractions"})
    problem = problem_in(response, 500)
    assert "private" not in json.dumps(problem)
    assert "RuntimeError" in caplog.text
    assert "suggesting.py" in caplog.text
    assert "private" not in caplog.text


def test_what_nobody_foresaw_is_told_people_on_a_page_and_where_that_breaks_too_in_plain(
    client, monkeypatch, problem_in
):
    def broken(*_):
        raise RuntimeError(QUOTING)

    people = {"Accept": "text/html"}
    monkeypatch.setattr("service.web.pages.page", broken)
    response = client.get("/", headers=people)
    assert response.status_code == 500
    assert "Something went wrong here" in response.text
    assert "private" not in response.text
    monkeypatch.setattr("service.web.rendering.page", broken)
    problem_in(client.get("/", headers=people), 500)
