"""Which addresses may be asked: those of the internet, and those that a setting lists."""

import socket
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import TypeAlias

from data.errors import GatewaysError
from data.formats.fields import shown

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")
_GIVEN_OUT = IPv6Network("2000::/3")  # the part of IPv6 in which the public internet lies


class ForbiddenError(GatewaysError):
    """A host lies where nothing is to be asked."""


def checked_addresses(host: str, port: int, private: Sequence[Network]) -> list[str]:
    """Resolve a host once; what this returns is what to connect to.

    Raises ForbiddenError if a single one of its addresses is not public and not in `private`, and
    OSError if it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(where[0]) for *_, where in found))
    for address in addresses:
        if not is_allowed(ip_address(address), private):
            raise ForbiddenError(
                f"{shown(host)} is {address}, which is not an address of the public internet; "
                "if it is meant, list it in GATEWAYS_HARVEST_PRIVATE"
            )
    return addresses


def is_allowed(address: Address, private: Sequence[Network]) -> bool:
    """Whether every address that this one stands for is public or listed in `private`."""
    return all(
        _is_public(one) or any(one in network for network in private) for one in _meant(address)
    )


def _meant(address: Address) -> list[Address]:
    """The address, or the IPv4 addresses that are hidden in it."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [IPv4Address(address.packed[-4:])]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    return [address, *(address.teredo or ())]


def _is_public(address: Address) -> bool:
    if address.is_multicast or (isinstance(address, IPv6Address) and address not in _GIVEN_OUT):
        return False
    return address.is_global
