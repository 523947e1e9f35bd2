import pytest

from service.lti.origins import origin_of
from service.lti.places import Kind, Place, place_at

URL = "https://find.example.org/app/"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://find.example.org/app/resources/a", Place(Kind.RESOURCE, "a")),
        ("https://find.example.org/app/outcomes/a/b%20c?x=1#y", Place(Kind.OUTCOME, "a/b c")),
        (" /lists/abc ", Place(Kind.LIST, "abc")),
        ("https://find.example.org/app/lti/launch", None),
        ("https://find.example.org/app/resources/", None),
        ("https://find.example.org/app.evil/resources/a", None),
        ("https://evil.example/resources/a", None),
        ("resources/a", None),
        ("/learners/l-1", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_an_address_names_a_page_of_ours_or_none(address, place):
    assert place_at(address, URL) == place


def test_a_place_is_found_again_at_its_path():
    place = Place(Kind.RESOURCE, "urn:x/a b?c#d%2F")
    assert place_at(place.path, URL) == place


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Moodle.example.org:8443/a?b", "https://moodle.example.org:8443"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("https://a.example;script-src *", None),
        ("https://a.example script-src/", None),
        ("https://user@a.example/", None),
        ("javascript:alert(1)", None),
        ("https://[", None),
        ("", None),
    ],
)
def test_an_origin_is_one_that_a_policy_can_name_or_none(url, origin):
    assert origin_of(url) == origin
