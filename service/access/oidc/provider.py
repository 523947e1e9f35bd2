"""A provider of identities: where it is asked, as it says itself, and the keys it signs with."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from data.errors import GatewaysError, UnavailableError
from data.harvesting.fetching import Fetcher
from data.json_text import parsed
from service.lti.key_sets import FRESH_SECONDS, KeySets, signing

DISCOVERY: Final = "/.well-known/openid-configuration"
NOBODY: Final = "nobody can be signed in at the moment"
ALGORITHMS: Final = ("RS256", "PS256", "ES256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a provider is asked for what."""

    authorisation: str
    token: str
    keys: str
    says_who: bool


class Provider:
    """What a provider publishes of itself, kept for an hour. Safe to share between threads.

    `fetcher` asks checked addresses alone, so that no document leads to a host of our own network.
    """

    def __init__(self, issuer: str, fetcher: Fetcher) -> None:
        self.issuer = issuer
        self._fetcher = fetcher
        self._places: tuple[float, Places] | None = None
        self._keys = KeySets(fetcher, signing)

    def places(self) -> Places:
        """Where it is asked. Raises UnavailableError."""
        kept = self._places
        if kept is None or time.monotonic() - kept[0] > FRESH_SECONDS:
            said = self._read(self.issuer.rstrip("/") + DISCOVERY)
            self._places = kept = time.monotonic(), self._checked(said)
        return kept[1]

    def redeemed(self, form: Mapping[str, str], headers: Mapping[str, str]) -> Mapping[str, Any]:
        """What it answers to a code. Raises GatewaysError where it does not take it."""
        return _object(self._fetcher.post(self.places().token, form, headers).body)

    def key(self, kid: str | None) -> jwt.PyJWK | None:
        """The key of that id, None where it has none. Raises UnavailableError."""
        url = self.places().keys
        try:
            found = self._keys.key(url, kid)
        except UnavailableError as error:
            raise UnavailableError(f"{NOBODY}: {error}") from None
        try:
            return jwt.PyJWK(dict(found)) if found else None
        except jwt.PyJWTError:
            return None

    def _checked(self, said: Mapping[str, Any]) -> Places:
        """The places that it names, if it is the one that was asked, and none is less safe."""
        if said.get("issuer") != self.issuer:
            raise UnavailableError(f"{self.issuer}: says that it is {said.get('issuer')!r}")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        urls = [str(said.get(name, "")) for name in names]
        scheme = self.issuer.partition(":")[0]
        if not all(url.startswith(("https://", f"{scheme}://")) for url in urls):
            raise UnavailableError(f"{self.issuer}: does not say where it is asked")
        says_who = said.get("authorization_response_iss_parameter_supported") is True
        return Places(authorisation=urls[0], token=urls[1], keys=urls[2], says_who=says_who)

    def _read(self, url: str) -> Mapping[str, Any]:
        try:
            return _object(self._fetcher.get(url).body)
        except GatewaysError as error:
            raise UnavailableError(f"{NOBODY}: {error}") from None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = parsed(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise GatewaysError("what the provider of identities answers is no JSON object")
    return found
