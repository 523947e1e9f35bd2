"""Registering, changing and removing learning platforms on the administrators' pages."""

import json
import re

import pytest

from tests.service.lti.platform import jwks

HERE = "/administration/lti"
SENT = {
    "name": "Our Canvas",
    "issuer": "https://canvas.example.com",
    "client_id": "1000",
    "deployments": "1:a\n\n 2:b \n",
    "authorisation_url": "https://sso.example.com/authorize",
    "jwks_url": "https://sso.example.com/jwks",
    "frames": "https://school.example.com/x",
}
THERE = f"{HERE}/Our%20Canvas"


@pytest.fixture
def registered(client, catalogue):
    assert client.post(HERE, data=SENT).status_code == 303
    return catalogue.lti_platforms.get("Our Canvas")


def test_a_platform_is_registered_as_the_command_does(client, registered):
    assert registered.deployments == ("1:a", "2:b")
    assert registered.origins == (
        "https://canvas.example.com",
        "https://sso.example.com",
        "https://school.example.com",
    )
    assert f'href="{THERE}"' in client.get(HERE).text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"issuer": "canvas"}, "issuer"),
        ({"client_id": ""}, "client_id"),
        ({"deployments": " \n"}, "deployments"),
        ({"authorisation_url": "javascript:x"}, "authorisation_url"),
        ({"jwks_url": ""}, "jwks_url"),
        ({"jwks_url": "", "jwks": "{"}, "jwks"),
        ({"jwks_url": "", "jwks": '{"keys": []}'}, "jwks"),
        ({"frames": "https://x.example; script-src *"}, "frames"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    client, catalogue, sent, field
):
    response = client.post(HERE, data=SENT | {"token_url": "https://x.example/token"} | sent)
    assert response.status_code == 422
    assert re.findall(r'aria-describedby="wrong-(\w+)"', response.text) == [field]
    assert 'value="https://x.example/token"' in response.text
    assert catalogue.lti_platforms.all() == []


def test_a_platform_is_changed_on_a_form_that_has_what_was_said(client, catalogue, registered):
    form = client.get(THERE).text
    assert ">1:a\n2:b</textarea>" in form
    assert ">https://school.example.com</textarea>" in form
    keys = {"jwks_url": "", "jwks": json.dumps(jwks()), "frames": ""}
    assert client.post(f"{THERE}/change", data=SENT | keys | {"name": "Other"}).status_code == 303
    (changed,) = catalogue.lti_platforms.all()
    assert (changed.name, changed.jwks, changed.jwks_url) == ("Our Canvas", jwks(), None)
    assert (len(changed.origins), changed.created) == (2, registered.created)
    assert "&#34;keys&#34;" in client.get(THERE).text


def test_two_platforms_with_one_issuer_and_client_id_are_told_apart_by_none(
    client, catalogue, registered
):
    taken = client.post(HERE, data=SENT | {"name": "Twin"})
    assert (taken.status_code, "has this issuer and client id" in taken.text) == (409, True)
    assert client.post(HERE, data=SENT | {"name": "Twin", "client_id": "2"}).status_code == 303
    changed = client.post(f"{HERE}/Twin/change", data=SENT)
    assert (changed.status_code, "has this issuer and client id" in changed.text) == (409, True)
    assert catalogue.lti_platforms.get("Twin").client_id == "2"


def test_each_change_is_in_the_trail(client, catalogue, registered):
    client.post(f"{THERE}/change", data=SENT | {"client_id": "2"})
    client.post(f"{THERE}/remove")
    told = [one for one in catalogue.audit.entries() if one.about == "Our Canvas"]
    assert [one.event for one in told] == ["platform"] * 3
    assert len({one.said for one in told}) == 3


def test_a_platform_is_removed_and_one_that_is_not_there_is_told(client, catalogue, registered):
    assert client.post(f"{THERE}/remove").status_code == 303
    assert catalogue.lti_platforms.all() == []
    assert client.get(THERE).status_code == 404
    assert client.post(f"{THERE}/change", data=SENT).status_code == 404
    assert client.post(f"{THERE}/remove").status_code == 404
