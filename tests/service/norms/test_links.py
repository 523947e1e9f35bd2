"""Asking a real server whether its addresses answer."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from data.harvesting.fetching import Fetcher
from service.norms.links import ask_links
from tests.patience import PATIENCE

HERE = (ip_network("127.0.0.0/8"),)


class Pages(BaseHTTPRequestHandler):
    def answer(self):
        status = {"/there": 200, "/gone": 410, "/shut": 403, "/broken": 500}.get(self.path, 404)
        if self.path in ("/moved", "/inside"):
            status = 302
        if self.path == "/slow":
            time.sleep(1.5)
        self.send_response(status)
        if status == 302:
            inside = "http://10.0.0.1/secret"
            self.send_header("Location", "/there" if self.path == "/moved" else inside)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = answer  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("/there", "passed"),
        ("/moved", "passed"),
        ("/nowhere", "failed"),
        ("/gone", "failed"),
        ("/shut", "not known"),
        ("/broken", "not known"),
        ("/slow", "not known"),
    ],
)
def test_a_link_is_dead_only_if_its_server_says_so(site, path, result):
    url = site + path
    found = ask_links([url], Fetcher(private=HERE, timeout=0.5 if path == "/slow" else PATIENCE))
    assert {address: one.result.value for address, one in found.items()} == {url: result}


def test_a_server_that_is_not_there_is_a_dead_link():
    found = ask_links(["http://127.0.0.1:1/"], Fetcher(private=HERE))
    assert found["http://127.0.0.1:1/"].result.value == "failed"


def test_nothing_inside_the_network_is_asked(site):
    urls = [f"{site}/there", "file:///etc/passwd", "kolibri:x", "http://[", "http://localhost/"]
    assert {one.result.value for one in ask_links(urls).values()} == {"not known"}


def test_a_redirect_into_the_network_is_not_followed(site):
    (found,) = ask_links([f"{site}/inside"], Fetcher(private=HERE)).values()
    assert found.result.value == "not known"
    assert "open network" in found.message
