"""The server around the application: whom it believes about where requests come from."""

from ipaddress import ip_network

import pytest
from fastapi.testclient import TestClient

from data.settings import load_settings
from service.server import _Announcing

PROXY, STRANGER = "10.0.0.2", "10.0.0.3"
BASE = "http://127.0.0.1"


@pytest.fixture
def asked_by(settings):
    """Ask the server from an address, once for each that it names; the statuses."""
    behind = load_settings(
        home=settings.home,
        api_key="key",
        rate_limit=1,
        proxies=(ip_network(f"{PROXY}/32"),),
    )
    config = _Announcing(behind).config
    config.load()

    def ask(address, *others):
        with TestClient(config.loaded_app, base_url=BASE, client=(address, 1)) as client:
            return [
                client.get("/v1/frameworks", headers={"X-Forwarded-For": other}).status_code
                for other in others
            ]

    return ask


def test_a_proxy_that_is_named_is_believed_and_each_of_those_it_asks_for_counts_alone(asked_by):
    assert asked_by(PROXY, "192.0.2.1", "192.0.2.2", "192.0.2.1") == [401, 401, 429]


def test_nobody_else_is_believed_about_whom_they_ask_for(asked_by):
    assert asked_by(STRANGER, "192.0.2.1", "192.0.2.2") == [401, 429]
