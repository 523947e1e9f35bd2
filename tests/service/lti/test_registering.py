import pytest

from data.errors import GatewaysError
from service.lti.registering import platform_of
from tests.service.lti.platform import jwks

TEXTS = {
    "issuer": "https://canvas.example.com",
    "client_id": "10000000000001",
    "authorisation_url": "https://sso.example.com/api/lti/authorize_redirect",
    "token_url": "",
    "jwks_url": "https://sso.example.com/api/lti/security/jwks",
}


def test_a_platform_may_frame_us_from_its_issuer_its_login_and_what_else_is_named():
    found = platform_of("Canvas", TEXTS, ["1:a", "1:a"], None, ["https://school.example.com/x"])
    assert found.origins == (
        "https://canvas.example.com",
        "https://sso.example.com",
        "https://school.example.com",
    )
    assert (found.deployments, found.token_url) == (("1:a",), None)


@pytest.mark.parametrize(
    ("changes", "deployments", "keys", "frames"),
    [
        ({"issuer": "canvas"}, ["1"], None, []),
        ({"issuer": ""}, ["1"], None, []),
        ({"client_id": " "}, ["1"], None, []),
        ({"authorisation_url": "javascript:x"}, ["1"], None, []),
        ({"token_url": "ftp://x"}, ["1"], None, []),
        ({"jwks_url": "https://me:secret@x.example/"}, ["1"], None, []),
        ({"jwks_url": ""}, ["1"], None, []),
        ({}, ["1"], jwks(), []),
        ({"jwks_url": ""}, ["1"], {"keys": []}, []),
        ({}, [], None, []),
        ({}, [""], None, []),
        ({}, ["1"], None, ["https://x.example; script-src *"]),
    ],
)
def test_what_cannot_be_is_refused(changes, deployments, keys, frames):
    with pytest.raises(GatewaysError):
        platform_of("Canvas", {**TEXTS, **changes}, deployments, keys, frames)


def test_of_given_keys_only_those_for_signatures_are_kept():
    given = {"keys": [*jwks()["keys"], {"kty": "oct", "k": "x"}]}
    found = platform_of("Canvas", {**TEXTS, "jwks_url": None}, ["1"], given)
    assert found.jwks == jwks()
