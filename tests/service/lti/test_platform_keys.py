import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from data.harvesting.fetching import Fetcher
from service.lti.platform_keys import PlatformKeys, keys_in
from service.lti.refusals import Reason
from tests.service.lti.platform import jwks, private_key, registered


class Keys(ThreadingHTTPServer):
    """Serves a set of keys on 127.0.0.1, and counts how often it is asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/jwks"
        self.body, self.asked = json.dumps(jwks()), 0


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def served():
    server = Keys()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def keys():
    return PlatformKeys(Fetcher(private=(ip_network("127.0.0.0/8"),), sleep=lambda _: None))


def test_keys_are_asked_for_once_and_again_for_one_that_is_new(served, keys, refused, monkeypatch):
    platform = registered(jwks_url=served.url)
    assert (
        keys.key(platform, "k1") == keys.key(platform, None) == private_key("platform").public_key()
    )
    refused(Reason.SIGNATURE, keys.key, platform, "k2")
    assert served.asked == 1
    monkeypatch.setattr("service.lti.key_sets.AGAIN_SECONDS", -1)
    served.body = json.dumps(jwks("attacker", "k2"))
    assert keys.key(platform, "k2") == private_key("attacker").public_key()
    assert served.asked == 2


def test_a_platform_that_does_not_answer_is_told_of_unless_its_keys_are_known(
    served, keys, refused, monkeypatch
):
    platform = registered(jwks_url=served.url)
    served.body = "no keys"
    refused(Reason.KEYS, keys.key, platform, "k1")
    served.body = json.dumps(jwks())
    monkeypatch.setattr("service.lti.key_sets.AGAIN_SECONDS", -1)
    known = keys.key(platform, "k1")
    monkeypatch.setattr("service.lti.key_sets.FRESH_SECONDS", -1)
    served.body = "no keys"
    assert keys.key(platform, "k1") == known
    assert served.asked == 3


def test_an_address_inside_our_network_is_not_asked(served, refused):
    guarded = PlatformKeys(Fetcher(sleep=lambda _: None))
    refused(Reason.KEYS, guarded.key, registered(jwks_url=served.url), "k1")
    assert served.asked == 0


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        {"keys": []},
        {"keys": [{"kty": "oct", "k": "x", "kid": "k1"}]},
        {"keys": [{"kty": "RSA", "use": "enc", "n": "x", "e": "AQAB"}]},
        {"keys": [{"kty": "RSA", "alg": "RS512", "n": "x", "e": "AQAB"}]},
    ],
)
def test_a_set_without_a_key_for_signatures_is_none(given):
    with pytest.raises(ValueError, match=r"no (RSA )?key"):
        keys_in(given)


def test_keys_that_cannot_be_read_are_not_asked_for_by_every_launch(served, keys, refused):
    served.body = "no keys"
    for _ in range(3):
        refused(Reason.KEYS, keys.key, registered(jwks_url=served.url), "k1")
    assert served.asked == 1
