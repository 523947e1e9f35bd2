"""A teacher chooses content for a course, and the platform reads the answer."""

import re
from html import unescape

import jwt
import pytest

from tests.service.lti.platform import CLIENT, DEEP, ISSUER, LTI, RETURN, asking
from tests.service.web.lti.conftest import HTML

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def sent(client):
    """Send a choice; what the platform reads of the answer."""

    def choose(path, **fields):
        page = client.post(path, data=fields, headers=HTML)
        assert page.status_code == 200, page.text
        assert f'action="{RETURN}"' in unescape(page.text)
        assert f"form-action 'self' {ISSUER};" in page.headers["content-security-policy"]
        token = re.search(r'name="JWT" value="([^"]+)"', page.text)[1]
        kid = jwt.get_unverified_header(token)["kid"]
        keys = {key["kid"]: key for key in client.get("/lti/jwks").json()["keys"]}
        return jwt.decode(token, jwt.PyJWK(keys[kid]).key, ["RS256"], audience=ISSUER)

    return choose


def test_what_is_chosen_comes_back_signed_and_with_what_the_platform_gave_along(
    client, launched, sent
):
    path = launched(**asking())
    page = client.get(f"{path}?q=lava").text
    assert re.search(r'type="checkbox" name="resource" value="volcano"', page)
    answer = sent(path, resource=["volcano", "pizza"], list="http://localhost:8000/lists/l1")
    assert (answer["iss"], answer["aud"]) == (CLIENT, ISSUER)
    assert answer[f"{LTI}message_type"] == "LtiDeepLinkingResponse"
    assert (answer[f"{LTI}version"], answer[f"{LTI}deployment_id"]) == ("1.3.0", "d-1")
    assert answer[f"{DEEP}data"] == "as it was"
    first, *_, last = answer[f"{DEEP}content_items"]
    assert first == {
        "type": "ltiResourceLink",
        "title": "Inside a volcano",
        "text": "Magma rises and the volcano erupts with lava and ash.",
        "url": f"{BASE}/resources/volcano",
        "custom": {"page": "/resources/volcano"},
    }
    assert (last["title"], last["url"]) == ("Earth", f"{BASE}/lists/l1")


def test_a_platform_gets_only_the_kinds_that_it_takes(client, launched, sent):
    path = launched(**asking(accept_types=["link"], accept_multiple=False, data=None))
    page = client.get(f"{path}?q=lava").text
    assert 'type="radio"' in page
    assert 'name="type"' not in page
    answer = sent(path, resource="volcano", type="ltiResourceLink")
    (item,) = answer[f"{DEEP}content_items"]
    assert (item["type"], item["url"]) == ("link", f"{BASE}/resources/volcano")
    assert f"{DEEP}data" not in answer
    both = client.post(path, data={"resource": ["volcano", "pizza"]}, headers=HTML)
    assert both.status_code == 422


def test_nothing_may_be_chosen_on_purpose_but_not_by_mistake(client, launched, sent):
    path = launched(**asking())
    assert sent(path, nothing="1")[f"{DEEP}content_items"] == []
    for fields in ({}, {"list": "https://x.example/lists/none"}, {"list": "http://["}):
        assert client.post(path, data=fields, headers=HTML).status_code == 422
    assert client.post(path, data={"resource": "none"}, headers=HTML).status_code == 404


def test_a_place_that_takes_no_links_is_told_so(client, launched):
    page = client.get(launched(**asking(accept_types=["image"])), headers=HTML)
    assert page.status_code == 422
    assert "Your course takes no links at this place" in page.text


def test_what_has_no_address_of_its_own_is_a_page_of_ours_whatever_was_asked(
    client, launched, sent
):
    answer = sent(launched(**asking()), list="http://localhost:8000/lists/l1", type="link")
    (item,) = answer[f"{DEEP}content_items"]
    assert item["type"] == "ltiResourceLink"
