import logging
import re

import pytest


def sample(client, line):
    """The value of one line of /metrics, None if it is not there."""
    for found in client.get("/metrics").text.splitlines():
        if found.startswith(line + " "):
            return float(found.rsplit(" ", 1)[1])
    return None


def test_requests_are_counted_by_route_and_status(client):
    client.get("/v1/resources/volcano")
    client.get("/v1/resources/pizza")
    client.get("/v1/resources/none")
    route = 'gateways_requests_total{method="GET",route="/v1/resources/{resource_id:path}"'
    assert sample(client, route + ',status="200"}') == 2
    assert sample(client, route + ',status="404"}') == 1


def test_unknown_paths_share_one_route(client):
    client.get("/a")
    client.get("/b")
    line = 'gateways_requests_total{method="GET",route="none",status="404"}'
    assert sample(client, line) == 2


def test_methods_that_nobody_knows_share_one_name(client):
    for method in ("KNIT", "PURL"):
        client.request(method, "/v1/frameworks")
    told = client.get("/metrics").text
    (counted,) = re.findall(r'^gateways_requests_total{method="other".* (\S+)$', told, re.MULTILINE)
    assert float(counted) == 2
    assert "KNIT" not in told


def test_what_was_suggested_decided_and_abstained_from_is_counted(client, suggested):
    suggested(text="Add fractions with the same denominator", k=3)
    suggested(text="12345")
    body = {"resource_id": "pizza", "outcome_id": "add-fractions-with-the-same-denominator"}
    client.post("/v1/decisions", json={**body, "decision": "accept"})
    assert sample(client, "gateways_suggestions_total") == 3
    assert sample(client, 'gateways_abstentions_total{cause="no text"}') == 1
    assert sample(client, 'gateways_decisions_total{decision="accept"}') == 1
    assert sample(client, "gateways_encode_batch_texts_count") == 2


def test_latency_and_the_index_in_use_are_told(client, settings):
    client.get("/v1/frameworks")
    text = client.get("/metrics").text
    index = (settings.home / "snapshots" / "current").read_text()
    assert f'gateways_snapshot_info{{index="{index}"' in text
    assert 'gateways_request_seconds_bucket{le="0.1",method="GET",route="/v1/frameworks"}' in text


def test_two_applications_count_apart(opened, settings):
    one, other = opened(settings), opened(settings)
    one.get("/v1/frameworks")
    line = 'gateways_requests_total{method="GET",route="/v1/frameworks",status="200"}'
    assert sample(one, line) == 1
    assert sample(other, line) is None


@pytest.mark.parametrize("path", ["/v1/outcomes", "/v1/resources"])
def test_a_line_is_logged_for_each_request_without_what_was_searched_for(client, caplog, path):
    caplog.set_level(logging.INFO)
    client.get(path, params={"q": "private words"})
    lines = [line for line in caplog.messages if line.startswith(f"GET {path} 200 ")]
    assert len(lines) == 1
    assert lines[0].endswith(" ms")
    service = [one.getMessage() for one in caplog.records if one.name.startswith("service")]
    assert not any("private" in line for line in service)
