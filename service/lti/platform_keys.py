"""The public keys of platforms: those that were registered, or read where the platform has them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from data.catalogue.lti import LtiPlatform
from data.errors import GatewaysError
from data.harvesting.fetching import Fetcher
from data.json_text import parsed
from service.lti.keys import ALGORITHM
from service.lti.refusals import LaunchError, Reason

FRESH_SECONDS: Final = 3600.0
AGAIN_SECONDS: Final = 30.0
"""How long a set that lacks a key is not asked for again, whoever sends what."""

Jwk = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: Sequence[Jwk]
    read: float


class PlatformKeys:
    """Finds the key that a platform signed with. Safe to share between threads."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._kept: dict[str, _Kept] = {}

    def key(self, platform: LtiPlatform, kid: str | None) -> RSAPublicKey:
        """The platform's key of that id. Raises LaunchError."""
        if platform.jwks_url is None:
            found = fitting(keys_in(platform.jwks), kid)
        else:
            found = self._fetched(platform.jwks_url, kid)
        if found is None:
            raise LaunchError(Reason.SIGNATURE)
        return _public(found)

    def _fetched(self, url: str, kid: str | None) -> Jwk | None:
        # Two threads may both ask: that costs less than one that waits for a slow platform.
        kept = self._kept.get(url)
        age = float("inf") if kept is None else time.monotonic() - kept.read
        found = fitting(kept.keys, kid) if kept else None
        if age > FRESH_SECONDS or (found is None and age > AGAIN_SECONDS):
            kept = self._read(url, kept)
            found = fitting(kept.keys, kid)
        if kept is None or not kept.keys:
            raise LaunchError(Reason.KEYS)
        return found

    def _read(self, url: str, before: _Kept | None) -> _Kept:
        """Ask for the set; where it does not come, the one before is good for a while longer.

        Where there is none before, that none came is kept, so that launches do not ask each time.
        """
        keys: Sequence[Jwk]
        try:
            keys = keys_in(parsed(self._fetcher.get(url).body))
        except (GatewaysError, ValueError):
            keys = before.keys if before else ()
        self._kept[url] = kept = _Kept(keys, time.monotonic())
        return kept


def keys_in(jwks: Any) -> list[Jwk]:
    """The keys of a set that RS256 can be checked with. Raises ValueError if there are none."""
    there = jwks.get("keys") if isinstance(jwks, Mapping) else None
    keys = [one for one in there if isinstance(one, Mapping)] if isinstance(there, list) else []
    usable = [
        one
        for one in keys
        if one.get("kty") == "RSA"
        and one.get("use", "sig") == "sig"
        and one.get("alg", ALGORITHM) == ALGORITHM
    ]
    if not usable:
        raise ValueError("no RSA key to check signatures with is in it")
    return usable


def fitting(keys: Sequence[Jwk], kid: str | None) -> Jwk | None:
    """The key of that id; whoever has a single key need not name it."""
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((one for one in keys if one.get("kid") == kid), None)


def _public(found: Jwk) -> RSAPublicKey:
    try:
        key = RSAAlgorithm.from_jwk({name: found[name] for name in ("kty", "n", "e")})
    except (jwt.PyJWTError, KeyError, ValueError, TypeError):
        raise LaunchError(Reason.SIGNATURE) from None
    if not isinstance(key, RSAPublicKey):
        raise LaunchError(Reason.SIGNATURE)
    return key
