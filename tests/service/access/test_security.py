import base64
import re

import pytest

from data.catalogue.keys import Role
from data.errors import GatewaysError
from data.settings import load_settings
from service.access.security import SENT_FROM_ELSEWHERE, check_host
from service.web.rendering import HERE

KEY = "a long and random kéy"


@pytest.fixture
def guarded(opened, settings):
    """A client of a service that has a key."""
    return opened(load_settings(home=settings.home, api_key=KEY))


def bearer(key):
    return {"Authorization": f"Bearer {key}".encode()}


def basic(key):
    return {"Authorization": "Basic " + base64.b64encode(f"curator:{key}".encode()).decode()}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_needs_no_key(host):
    check_host(load_settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_other_addresses_need_a_key_and_the_message_says_how_to_set_it(host):
    with pytest.raises(GatewaysError, match="GATEWAYS_API_KEY"):
        check_host(load_settings(host=host))
    check_host(load_settings(host=host, api_key=KEY))


@pytest.mark.parametrize("headers", [bearer(KEY), basic(KEY)])
def test_the_key_is_taken_as_bearer_or_as_the_password_of_basic(guarded, headers):
    assert guarded.get("/v1/frameworks", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("wrong"),
        bearer(""),
        basic("wrong"),
        bearer(KEY[:-1]),
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + base64.b64encode(KEY.encode()).decode()},
        {"Authorization": KEY.encode()},
        {"Authorization": b"Digest " + KEY.encode()},
    ],
)
@pytest.mark.parametrize("path", ["/", "/v1/frameworks", "/metrics", "/openapi.json", "/v1/no"])
def test_without_the_key_nothing_is_told(guarded, path, headers, problem_in):
    response = guarded.get(path, headers=headers)
    problem_in(response, 401)
    assert "Basic" in response.headers["www-authenticate"]
    assert "Bearer" in response.headers["www-authenticate"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_need_no_key_and_no_name(guarded, path):
    assert guarded.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::bad", "a@b"])
def test_a_foreign_host_name_is_refused(client, host, problem_in):
    problem_in(client.get("/v1/frameworks", headers={"Host": host}), 400)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "LOCALHOST", "localhost:1"])
def test_its_own_names_are_answered_on_every_port(client, host):
    assert client.get("/v1/frameworks", headers={"Host": host}).status_code == 200


def test_the_address_it_listens_on_and_configured_names_are_its_own(opened, settings):
    far = settings.model_copy(update={"host": "::1", "allowed_hosts": ("Align.example",)})
    client = opened(far)
    for host in ("[::1]:8000", "align.example"):
        assert client.get("/v1/frameworks", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
)
def test_what_a_foreign_page_sends_is_not_carried_out(client, catalogue, headers, problem_in):
    fields = {"resource": "volcano", "accept": "1 explain-how-volcanoes-erupt"}
    problem_in(client.post("/decisions", data=fields, headers=headers), 403)
    body = {"id": "mine", "title": "Planted"}
    problem_in(client.post("/v1/resources", json=body, headers=headers), 403)
    assert list(catalogue.ledger.all()) == []
    assert catalogue.resources.get("mine") is None


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1"}]
)
def test_programs_and_its_own_pages_may_send(client, headers):
    fields = {"resource": "volcano", "accept": "1 explain-how-volcanoes-erupt"}
    assert client.post("/decisions", data=fields, headers=headers).status_code == 303


@pytest.mark.parametrize("path", ["/", "/v1/frameworks", "/v1/no", "/static/style.css"])
def test_every_answer_carries_the_headers_that_protect_a_browser(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers


def test_one_key_that_asks_too_much_is_told_when_to_ask_again_and_others_are_answered(
    opened, settings, catalogue, problem_in
):
    ada, bob = (
        bearer(catalogue.keys.create(name, Role.READER, by="root", now=1.0)[1])
        for name in ("Ada", "Bob")
    )
    client = opened(load_settings(home=settings.home, api_key=KEY, rate_limit=1))
    answers = [client.get("/v1/frameworks", headers=ada) for _ in range(2)]
    assert answers[0].status_code == 200
    problem_in(answers[1], 429)
    assert 1 <= int(answers[1].headers["retry-after"]) <= 60
    assert client.get("/v1/frameworks", headers=bob).status_code == 200
    assert client.get("/ims/case/v1p1/CFDocuments", headers=ada).status_code == 429


def test_an_address_without_a_key_that_asks_too_much_is_refused_and_a_page_still_has_its_style(
    opened, settings
):
    client = opened(load_settings(home=settings.home, api_key=KEY, rate_limit=1))
    assert [client.get("/v1/frameworks").status_code for _ in range(2)] == [401, 429]
    assert client.get("/static/style.css").status_code == 200
    assert client.get("/healthz").status_code == 200


def test_every_way_to_change_something_is_closed_to_pages_of_other_sites(client, routes_of):
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for method, path in sorted(routes_of(client.app)):
        if method in ("GET", "HEAD") or path in SENT_FROM_ELSEWHERE:
            continue
        asked = path.replace("{", "").replace("}", "").replace(":path", "")
        assert client.request(method, asked, headers=foreign).status_code == 403, (method, path)


def test_no_template_has_a_script_or_a_style_of_its_own():
    # JSON-LD is no script: browsers do not run it.
    inline = re.compile(
        r"<script(?![^>]*(\bsrc=|ld\+json))|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE
    )
    found = {
        file.name: inline.findall(file.read_text(encoding="utf-8"))
        for file in (HERE / "templates").rglob("*.html")
    }
    assert [name for name, hits in found.items() if hits] == []
