import httpx
import pytest

from tests.patience import PATIENCE

MEGABYTE = b"x" * 2**20


def chunks(count, chunk=MEGABYTE):
    for _ in range(count):
        yield chunk


@pytest.mark.parametrize("path", ["/v1/suggestions", "/v1/resources", "/decisions", "/"])
def test_fifty_megabytes_are_too_much(server, path, problem_in):
    headers = {"content-type": "application/json"}
    response = httpx.post(
        server.url + path, content=MEGABYTE * 50, headers=headers, timeout=PATIENCE
    )
    problem = problem_in(response, 413)
    assert "bytes" in problem["detail"]


def test_a_body_that_hides_its_length_is_counted(server, problem_in):
    headers = {"content-type": "application/json"}
    response = httpx.post(
        server.url + "/v1/suggestions", content=chunks(50), headers=headers, timeout=PATIENCE
    )
    problem_in(response, 413)
    assert httpx.get(server.url + "/healthz", timeout=PATIENCE).status_code == 200


def test_a_text_of_the_allowed_length_fits_in_every_script(client, settings):
    text = "分數" * (settings.max_text // 2)
    assert client.post("/v1/suggestions", json={"text": text}).status_code == 200


def test_one_character_more_is_refused_with_its_length(client, settings, problem_in):
    response = client.post("/v1/suggestions", json={"text": "a" * (settings.max_text + 1)})
    problem = problem_in(response, 422)
    assert problem["errors"][0]["pointer"] == "#/text"
    assert "20,001 characters" in problem["detail"]
