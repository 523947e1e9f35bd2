from dataclasses import replace

import pytest

from data.catalogue import Catalogue
from data.catalogue.lti import LtiPlatform
from data.errors import ConflictError, NotFoundError

MOODLE = LtiPlatform(
    name="Moodle",
    issuer="https://moodle.example.org",
    client_id="abc",
    deployments=("1", "2"),
    authorisation_url="https://moodle.example.org/auth",
    jwks={"keys": [{"kty": "RSA"}]},
    origins=("https://moodle.example.org",),
    created=1.0,
)


@pytest.fixture
def catalogue(catalogue_url):
    with Catalogue.open(catalogue_url) as opened:
        yield opened


def test_a_platform_is_kept_as_it_is_until_it_is_removed(catalogue):
    catalogue.lti_platforms.add(MOODLE)
    assert catalogue.lti_platforms.all() == [MOODLE]
    assert catalogue.lti_platforms.get("Moodle") == MOODLE
    assert catalogue.lti_platforms.of_issuer(MOODLE.issuer, "abc") == [MOODLE]
    assert catalogue.lti_platforms.of_issuer(MOODLE.issuer, "other") == []
    catalogue.lti_platforms.remove("Moodle")
    assert catalogue.lti_platforms.get("Moodle") is None
    with pytest.raises(NotFoundError):
        catalogue.lti_platforms.remove("Moodle")


def test_a_name_and_a_client_of_an_issuer_belong_to_one_platform(catalogue):
    catalogue.lti_platforms.add(MOODLE)
    for another in (replace(MOODLE, client_id="other"), replace(MOODLE, name="Other")):
        with pytest.raises(ConflictError, match="Moodle"):
            catalogue.lti_platforms.add(another)
    second = replace(MOODLE, name="Other", client_id="other")
    catalogue.lti_platforms.add(second)
    assert catalogue.lti_platforms.of_issuer(MOODLE.issuer) == [MOODLE, second]


def test_a_nonce_is_taken_once_and_forgotten_when_it_is_over(catalogue):
    begin = catalogue.lti_launches.begin
    assert begin("n", {"types": ["link"]}, now=10.0, expires=20.0)
    assert not begin("n", None, now=19.0, expires=30.0)
    assert catalogue.lti_launches.asked("n") == {"types": ["link"]}
    assert begin("m", None, now=21.0, expires=30.0)
    assert catalogue.lti_launches.asked("n") is None
    assert catalogue.lti_launches.asked("m") is None
