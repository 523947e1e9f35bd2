"""What a browser sees of a login and a launch."""

import jwt
import pytest
from pydantic import SecretStr

from tests.service.lti.platform import ISSUER, LOGIN, answered
from tests.service.web.lti.conftest import FROM_THERE, HTML


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_goes_on_once_the_browser_is_known(client, method):
    where = {"data" if method == "POST" else "params": LOGIN}
    first = client.request(method, "/lti/login", headers=FROM_THERE, **where)
    assert first.headers["location"].startswith("/lti/login?iss=")
    assert "Path=/lti; " in first.headers["set-cookie"]
    second = client.get(first.headers["location"])
    assert second.headers["location"].startswith(f"{ISSUER}/mod/lti/auth.php?scope=openid")
    again = client.request(method, "/lti/login", headers=FROM_THERE, **where)
    assert again.headers["location"].startswith(ISSUER)


def test_a_browser_that_keeps_nothing_in_a_frame_is_offered_a_window(client):
    first = client.get("/lti/login", params=LOGIN)
    client.cookies.clear()
    page = client.get(first.headers["location"])
    assert page.status_code == 200
    assert 'href="/lti/login?iss=' in page.text
    assert "checked" not in page.text
    assert 'target="_blank"' in page.text


def test_over_an_encrypted_line_the_cookie_stays_within_the_frame_of_its_platform(opened, settings):
    client = opened(settings.model_copy(update={"public_url": "https://find.example.org"}))
    cookie = client.get("/lti/login", params=LOGIN).headers["set-cookie"]
    assert "Secure; SameSite=None; Partitioned" in cookie
    assert "HttpOnly" in cookie


def test_a_launch_from_another_browser_is_refused_on_a_page_that_tells_nothing(client, opened):
    checked = client.get("/lti/login", params=LOGIN).headers["location"]
    sent = answered(client.get(checked).headers["location"])
    client.cookies.clear()
    client.cookies.set("lti", "another")
    page = client.post("/lti/launch", data=sent, headers={**FROM_THERE, **HTML})
    assert page.status_code == 403
    assert "This was not begun in this browser" in page.text
    for secret in ("17", "Ada", ISSUER.removeprefix("https://"), "d-1", sent["state"]):
        assert secret not in page.text.split("<main")[1]


def test_pages_may_stand_in_a_frame_of_the_platform_and_no_other_page_anywhere(client, launched):
    for path in (launched(), "/lti/s/none/find", "/lti/login", "/lti/jwks"):
        policy = client.get(path, headers=HTML).headers["content-security-policy"]
        assert f"frame-ancestors {ISSUER};" in f"{policy};"
        assert "script-src 'self'" in policy
    for path in ("/find", "/administration/lti", "/lti"):
        policy = client.get(path, headers=HTML).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy


def test_where_keys_are_needed_a_launch_opens_its_own_pages_alone(opened, settings, launched):
    guarded = opened(settings.model_copy(update={"api_key": SecretStr("key")}))
    path = launched(guarded)
    assert guarded.get(path, headers=HTML).status_code == 200
    token = path.split("/")[3]
    for closed in ("/find", "/learners", f"/v1/resources?token={token}"):
        assert guarded.get(closed).status_code == 401
    assert guarded.get("/lti/s/none/find", headers=HTML).status_code == 403
    assert guarded.get(f"/lti/s/{token}/find", headers=HTML).status_code == 404
    assert guarded.get(f"/lti/s/{token}/choose", headers=HTML).status_code == 404


def test_only_a_login_and_a_launch_may_be_sent_by_a_page_of_others(client, launched):
    path = launched()
    sent = client.post(path, data={"outcome": "o"}, headers=FROM_THERE)
    assert sent.status_code == 403


def test_no_token_and_no_pseudonym_gets_into_the_log(client, launched, caplog):
    caplog.set_level("INFO")
    path = launched()
    client.get(path)
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("service")]
    assert not any(path.split("/")[3] in line for line in ours)
    assert any(line.startswith("GET /lti/s/{token}/steps 200") for line in ours)


def test_our_public_keys_and_our_configuration_are_there_for_programs(client):
    (key,) = client.get("/lti/jwks").json()["keys"]
    assert jwt.PyJWK(key).key.key_size == 2048
    said = client.get("/lti/configuration").json()
    assert said["oidc_initiation_url"] == "http://127.0.0.1:8000/lti/login"
    assert said["scopes"] == []
    assert said["extensions"][0]["privacy_level"] == "anonymous"


def test_administrators_read_what_to_copy_and_who_is_registered(client):
    page = client.get("/administration/lti").text
    for path in ("login", "launch", "jwks"):
        assert f"http://127.0.0.1:8000/lti/{path}<" in page
    assert ">Moodle<" in page
    assert "client-1" in page
    assert "<code>learner_key</code>" not in page
    assert "<code>public_url</code>" in page


def test_what_no_database_can_be_asked_is_of_no_registered_platform(client):
    page = client.get("/lti/login", params=LOGIN | {"iss": "\x00", "go": "1"}, headers=HTML)
    assert page.status_code in (302, 303, 403)
    page = client.get("/lti/login", params=LOGIN | {"iss": "\x00"}, headers=HTML)
    assert page.status_code in (302, 303, 403)
    if "location" in page.headers:
        assert client.get(page.headers["location"], headers=HTML).status_code == 403
