"""The public keys of platforms: those that were registered, or read where the platform has them."""

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from data.catalogue.lti import LtiPlatform
from data.errors import UnavailableError
from data.harvesting.fetching import Fetcher
from service.lti.key_sets import Jwk, KeySets, fitting, signing
from service.lti.keys import ALGORITHM
from service.lti.refusals import LaunchError, Reason


class PlatformKeys:
    """Finds the key that a platform signed with. Safe to share between threads."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._published = KeySets(fetcher, keys_in)

    def key(self, platform: LtiPlatform, kid: str | None) -> RSAPublicKey:
        """The platform's key of that id. Raises LaunchError."""
        if platform.jwks_url is None:
            found = fitting(keys_in(platform.jwks), kid)
        else:
            try:
                found = self._published.key(platform.jwks_url, kid)
            except UnavailableError:
                raise LaunchError(Reason.KEYS) from None
        if found is None:
            raise LaunchError(Reason.SIGNATURE)
        return _public(found)


def keys_in(jwks: Any) -> list[Jwk]:
    """The keys of a set that RS256 can be checked with. Raises ValueError if there are none."""
    usable = [
        one
        for one in signing(jwks)
        if one.get("kty") == "RSA" and one.get("alg", ALGORITHM) == ALGORITHM
    ]
    if not usable:
        raise ValueError("no RSA key to check signatures with is in it")
    return usable


def _public(found: Jwk) -> RSAPublicKey:
    try:
        key = RSAAlgorithm.from_jwk({name: found[name] for name in ("kty", "n", "e")})
    except (jwt.PyJWTError, KeyError, ValueError, TypeError):
        raise LaunchError(Reason.SIGNATURE) from None
    if not isinstance(key, RSAPublicKey):
        raise LaunchError(Reason.SIGNATURE)
    return key
