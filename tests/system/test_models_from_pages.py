"""Promote and go back from the pages of a real server, over a real registry."""

import socket
import time

import httpx
import pytest

from evaluation.published_versions import read_versions
from models.released import champion, history
from training.registry import Registry

pytestmark = pytest.mark.slow

WITHIN = 60


@pytest.fixture
def served(program, bundle_of):
    """The address of a server on a workspace in which two bundles are registered."""
    program.settings = {"GATEWAYS_ENCODER": "auto", "GATEWAYS_LOG_LEVEL": "WARNING"}
    registry = Registry(program.home / "registry")
    for name, seed in (("first", 1), ("second", 2)):
        registry.register(bundle_of(name, seed), dataset=name, parameters={}, metrics={}, code="t")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = program.serve(port)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.communicate(timeout=30)


def test_a_version_is_promoted_for_a_reason_and_taken_back_for_another(served, program):
    with httpx.Client(base_url=served, timeout=30) as client:
        assert "Nothing says whether Version 2 is better" in client.get("/models").text
        unreasoned = client.post("/models/promote", data={"version": "2"})
        assert unreasoned.status_code == 422
        follow(client, "/models/promote", {"version": "2", "reason": "it is new"})
        assert champion(program.home / "models").version == "2"
        newest = read_versions(program.home / "registry")[0]
        assert (newest.aliases, newest.forced) == (("champion",), "it is new")
        assert "it is new" in client.get("/models/versions/2").text
        follow(client, "/models/rollback", {"reason": "it is slow"})
        assert champion(program.home / "models").version == "shipped"
        assert history(program.home / "models")[-1].reason == "it is slow"
        assert "it is slow" in client.get("/administration/trail?kind=model").text


def follow(client, path, fields):
    """Start a job from a form and wait until its page says that it is finished."""
    address = client.post(path, data=fields).headers["location"]
    deadline = time.monotonic() + WITHIN
    while "hx-get" in (page := client.get(address).text):
        assert time.monotonic() < deadline, page
        time.sleep(0.2)
    assert "Finished" in page, page
