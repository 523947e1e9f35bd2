"""Which addresses may be asked."""

from ipaddress import ip_address, ip_network

import pytest

from data.harvesting.addresses import ForbiddenError, checked_addresses, is_allowed

PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1"),
    *(
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
    ),
    *("2002:7f00:1::", "2001:0:7f00:1::"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_not_asked(address):
    assert not is_allowed(ip_address(address), ())


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_public_is_asked(address):
    assert is_allowed(ip_address(address), ())


def test_a_setting_may_permit_a_network_and_no_other():
    permitted = (ip_network("10.0.0.0/8"),)
    assert is_allowed(ip_address("10.9.9.9"), permitted)
    assert is_allowed(ip_address("::ffff:10.9.9.9"), permitted)
    assert not is_allowed(ip_address("192.168.0.1"), permitted)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "::1"])
def test_a_private_host_is_refused_however_it_is_written(host):
    with pytest.raises(ForbiddenError, match="GATEWAYS_HARVEST_PRIVATE"):
        checked_addresses(host, 80, ())


def test_a_host_with_one_private_address_is_refused(monkeypatch):
    where = [(0, 0, 0, "", ("8.8.8.8", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: where)
    with pytest.raises(ForbiddenError, match=r"10\.0\.0\.1"):
        checked_addresses("mixed.example", 80, ())
