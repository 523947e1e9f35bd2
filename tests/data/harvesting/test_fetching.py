"""A hostile host cannot hang, exhaust or reach inside."""

import gzip
import socket
import threading
from dataclasses import replace

import pytest

from data.errors import GatewaysError
from data.harvesting.addresses import ForbiddenError
from data.harvesting.fetching import AGENT, Fetcher


def served(repository, reply):
    """Let every request be answered by `reply(handler)`."""
    repository.odd = lambda handler, _asked: reply(handler) or b""


def test_an_answer_comes_with_where_it_came_from_and_what_it_is(repository, fetcher):
    seen = {}
    served(
        repository,
        lambda handler: seen.update(handler.headers.items()) or handler.send(b"hello"),
    )
    heard = []
    found = replace(fetcher, heard=heard.append).get(repository.url)
    assert (found.url, found.content_type, found.body) == (repository.url, "text/xml", b"hello")
    assert sum(heard) == len(b"hello")
    assert seen["User-Agent"] == AGENT
    assert seen["Host"] == f"127.0.0.1:{repository.server_address[1]}"


def test_this_machine_is_not_asked_unless_a_setting_says_so(repository):
    with pytest.raises(ForbiddenError, match="not an address of the public internet"):
        Fetcher().get(repository.url)
    assert repository.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0/",
    ],
)
def test_a_redirect_to_a_private_address_is_not_followed(repository, fetcher, target):
    served(repository, lambda handler: handler.send(b"", 302, Location=target))
    with pytest.raises(ForbiddenError, match="public internet"):
        fetcher.get(repository.url)
    assert len(repository.asked) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "gopher://x/"])
def test_a_redirect_to_something_else_than_the_web_is_not_followed(repository, fetcher, target):
    served(repository, lambda handler: handler.send(b"", 302, Location=target))
    with pytest.raises(GatewaysError, match="is not an address such as"):
        fetcher.get(repository.url)


def test_a_redirect_is_followed_but_not_for_ever(repository, fetcher):
    def once(handler):
        if handler.path.endswith("there"):
            return handler.send(b"found")
        return handler.send(b"", 301, Location="/oai/there")

    served(repository, once)
    assert fetcher.get(repository.url).body == b"found"
    served(repository, lambda handler: handler.send(b"", 307, Location="/oai"))
    with pytest.raises(GatewaysError, match="leads on and on, more than 5 times"):
        fetcher.get(repository.url)


def test_a_name_means_the_address_that_was_checked_even_if_it_changes(repository, monkeypatch):
    """Rebinding: the first answer of the name service is public, the next one is not."""
    asked = []
    real = socket.getaddrinfo

    def rebinding(host, *rest, **more):
        if host != "rebinding.example":
            return real(host, *rest, **more)
        asked.append(host)
        address = "192.0.0.9" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, rest[0]))]

    connected = []
    monkeypatch.setattr("socket.getaddrinfo", rebinding)
    monkeypatch.setattr(
        "socket.create_connection",
        lambda where, *_, **__: connected.append(where[0]) or (_ for _ in ()).throw(OSError("no")),
    )
    port = repository.server_address[1]
    with pytest.raises(GatewaysError):
        Fetcher(sleep=lambda _: None).get(f"http://rebinding.example:{port}/")
    assert connected == ["192.0.0.9"]
    assert repository.asked == []


def test_an_endless_body_is_read_up_to_the_limit_only(repository, fetcher):
    sent = []

    def pour(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(10 * 2**30))
        handler.end_headers()
        for _ in range(10 * 2**30 // 65_536):
            handler.wfile.write(b"x" * 65_536)
            sent.append(65_536)

    served(repository, pour)
    with pytest.raises(GatewaysError, match="longer than 200,000 bytes"):
        fetcher.get(repository.url)
    assert sum(sent) < 20_000_000


def test_a_bomb_is_unpacked_up_to_the_limit_only(repository, fetcher):
    bomb = gzip.compress(b"\0" * 100_000_000)
    served(repository, lambda handler: handler.send(bomb, Content_Encoding="gzip"))
    with pytest.raises(GatewaysError, match="longer than 200,000 bytes"):
        fetcher.get(repository.url)


def test_what_is_packed_once_is_unpacked_and_nothing_else(repository, fetcher):
    packed = gzip.compress(b"hello")
    served(repository, lambda handler: handler.send(packed, Content_Encoding="gzip"))
    assert fetcher.get(repository.url).body == b"hello"
    for packing in ("gzip, gzip", "br", "zstd"):
        served(repository, lambda handler, p=packing: handler.send(packed, Content_Encoding=p))
        with pytest.raises(GatewaysError, match="was not asked for"):
            fetcher.get(repository.url)
    for damaged in (packed[:-9], b"hello"):
        served(repository, lambda handler, d=damaged: handler.send(d, Content_Encoding="gzip"))
        with pytest.raises(GatewaysError, match="is damaged"):
            fetcher.get(repository.url)


@pytest.mark.parametrize("headers_first", [True, False])
def test_a_host_that_drips_is_left_when_its_time_is_over(repository, headers_first):
    over = threading.Event()

    def drip(handler):
        if headers_first:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000000")
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.05):
            handler.wfile.write(b"x")

    served(repository, drip)
    fetcher = Fetcher(private=_loopback(), timeout=0.5, sleep=lambda _: None)
    with pytest.raises(GatewaysError, match=r"no whole answer within 0\.5 seconds"):
        fetcher.get(repository.url)
    over.set()
    assert len(repository.asked) <= 1


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10]


@pytest.mark.parametrize(
    ("start", "more"),
    [
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, id="continue"),
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 100, id="headers"),
        pytest.param(CHUNKED + b"0\r\n", b"X-A: b\r\n" * 100, id="trailers"),
        pytest.param(CHUNKED + b"2;", b"x" * 1000, id="extension of a chunk"),
        pytest.param(PACKED, b"\0\0\0\xff\xff" * 100, id="packed nothing"),
    ],
)
def test_what_goes_on_for_ever_without_a_body_is_left(repository, start, more):
    def pour(handler):
        handler.wfile.write(start)
        while True:
            handler.wfile.write(more)

    served(repository, pour)
    fetcher = Fetcher(private=_loopback(), timeout=0.3, sleep=lambda _: None)
    with pytest.raises(GatewaysError, match=r"no whole answer within|not HTTP"):
        fetcher.get(repository.url)


def test_a_host_that_says_nothing_is_left(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        fetcher = Fetcher(private=_loopback(), timeout=0.2, sleep=lambda _: None)
        with pytest.raises(GatewaysError):
            fetcher.get(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_busy_host_is_asked_again_when_it_says(repository, fetcher, slept):
    replies = [(503, "7"), (429, "Thu, 01 Jan 1970 00:00:00 GMT"), (200, None)]

    def busy(handler):
        status, pause = replies.pop(0)
        handler.send(b"at last", status, **({"Retry_After": pause} if pause else {}))

    served(repository, busy)
    assert fetcher.get(repository.url).body == b"at last"
    assert slept == [7.0, 2.0]


def test_a_host_that_is_always_busy_or_asks_for_days_is_left(repository, fetcher, slept):
    served(repository, lambda handler: handler.send(b"", 503))
    with pytest.raises(GatewaysError, match=r"asked 4 times: it is busy \(status 503\)"):
        fetcher.get(repository.url)
    assert slept == [1.0, 2.0, 4.0]
    served(repository, lambda handler: handler.send(b"", 503, Retry_After="864000"))
    with pytest.raises(GatewaysError, match="asks to wait for 864,000 seconds"):
        fetcher.get(repository.url)
    served(repository, lambda handler: handler.send(b"", 503, Retry_After="9" * 400))
    with pytest.raises(GatewaysError, match="asks to wait for more than a year; ask those who"):
        fetcher.get(repository.url)
    assert len(slept) == 3


def test_other_statuses_and_what_is_not_http_say_so(repository, fetcher):
    served(repository, lambda handler: handler.send(b"no", 404))
    with pytest.raises(GatewaysError, match="status 404; look at the address in a browser"):
        fetcher.get(repository.url)
    served(repository, lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n\r\n"))
    with pytest.raises(GatewaysError, match="not HTTP"):
        fetcher.get(repository.url)


NO_ADDRESSES = [
    *("", "x", "http://", "ftp://a/", "http://a:b@c/", "http://a:99999/", "http://[/"),
    *("http://ex ample/", "javascript:alert(1)", "http://\x00/"),
    *("http://" + "a" * 300, "http://a/" + "b" * 9000),
]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_what_is_no_address_is_refused_with_a_reason(fetcher, url):
    with pytest.raises(GatewaysError):
        fetcher.get(url)


def _loopback():
    from ipaddress import ip_network

    return (ip_network("127.0.0.0/8"),)


def test_a_form_is_sent_once_and_follows_no_redirect(repository, fetcher):
    asked = []

    def take(handler):
        length = int(handler.headers["Content-Length"])
        asked.append((handler.path, handler.rfile.read(length), handler.headers["X-Secret"]))
        handler.send_response(302 if handler.path == "/moved" else 200)
        handler.send_header("Location", "/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    handler = type("Handler", (repository.RequestHandlerClass,), {"do_POST": take})
    repository.RequestHandlerClass = handler
    here = repository.url.removesuffix("/oai")
    assert fetcher.post(f"{here}/token", {"a": "b c"}, {"X-Secret": "s"}).body == b""
    with pytest.raises(GatewaysError, match="status 302"):
        fetcher.post(f"{here}/moved", {"a": "1"}, {"X-Secret": "s"})
    assert asked == [("/token", b"a=b+c", "s"), ("/moved", b"a=1", "s")]
