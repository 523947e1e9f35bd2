"""Addresses are those of the web, or refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import GatewaysError
from data.harvesting.urls import place_of, redirected


def test_an_address_is_taken_apart():
    found = place_of("https://Example.org:8443/a b/é?q=é&x=%20#part")
    assert (found.scheme, found.host, found.port) == ("https", "example.org", 8443)
    assert found.target == "/a%20b/%C3%A9?q=%C3%A9&x=%20"
    assert found.header == "example.org:8443"


def test_names_in_other_scripts_and_addresses_of_ipv6_are_understood():
    assert place_of("http://bücher.example/").host == "xn--bcher-kva.example"
    found = place_of("http://bücher.example:8080/")
    assert found.header == "xn--bcher-kva.example:8080"
    found = place_of("http://[2606:4700::1111]:81/")
    assert (found.host, found.header) == ("2606:4700::1111", "[2606:4700::1111]:81")


@pytest.mark.parametrize(
    ("location", "where"),
    [
        ("/x", "https://a.example/x"),
        ("y?z", "https://a.example/oai/y?z"),
        ("//b.example/", "https://b.example/"),
        ("https://b.example/", "https://b.example/"),
    ],
)
def test_a_redirect_may_be_relative(location, where):
    assert redirected("https://a.example/oai/", location) == where


AFTER_SCHEME = st.text(alphabet=st.characters() | st.sampled_from("[]@:/?#%.\\\0\r\n"), max_size=30)


@given(st.sampled_from(["http://", "https://", "", "//"]), AFTER_SCHEME)
def test_whatever_is_written_is_an_address_or_refused(scheme, rest):
    with suppress(GatewaysError):
        found = place_of(scheme + rest)
        assert found.scheme in ("http", "https")
        assert found.target.isascii()
        assert found.target.isprintable()
        assert " " not in found.target
        assert found.header.isascii()
    with suppress(GatewaysError):
        redirected("https://a.example/", rest)
