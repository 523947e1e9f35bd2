"""Sets of public keys that others publish (RFC 7517), each read again when it may have changed."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.errors import GatewaysError, UnavailableError
from data.harvesting.fetching import Fetcher
from data.json_text import parsed

FRESH_SECONDS: Final = 3600.0
AGAIN_SECONDS: Final = 30.0
"""How long a set that lacks a key is not asked for again, whoever sends what."""

Jwk = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: Sequence[Jwk]
    read: float
    why_none: str = ""


class KeySets:
    """Finds keys in sets that are asked for as seldom as may be. Safe to share between threads.

    `usable` takes a set, as JSON, and gives its keys that signatures can be checked with, or raises
    ValueError where there are none. `fetcher` asks checked addresses alone.
    """

    def __init__(self, fetcher: Fetcher, usable: Callable[[Any], Sequence[Jwk]]) -> None:
        self._fetcher = fetcher
        self._usable = usable
        self._kept: dict[str, _Kept] = {}

    def key(self, url: str, kid: str | None) -> Jwk | None:
        """The key of that id; None where there is none. Raises UnavailableError without a set."""
        # Two threads may both ask: that costs less than one that waits for a slow host.
        kept = self._kept.get(url)
        age = float("inf") if kept is None else time.monotonic() - kept.read
        found = fitting(kept.keys, kid) if kept else None
        if kept is None or age > FRESH_SECONDS or (found is None and age > AGAIN_SECONDS):
            self._kept[url] = kept = self._read(url, kept)
            found = fitting(kept.keys, kid)
        if not kept.keys:
            raise UnavailableError(kept.why_none)
        return found

    def _read(self, url: str, before: _Kept | None) -> _Kept:
        """Ask for the set; where it does not come, the one before is good for a while longer.

        Where there is none before, that none came is kept, so that not every sign-in asks.
        """
        try:
            keys = self._usable(parsed(self._fetcher.get(url).body))
        except (GatewaysError, ValueError) as error:
            return _Kept(before.keys if before else (), time.monotonic(), str(error))
        return _Kept(keys, time.monotonic())


def signing(jwks: Any) -> list[Jwk]:
    """The keys of a set that are for signatures. Raises ValueError if there are none."""
    there = jwks.get("keys") if isinstance(jwks, Mapping) else None
    keys = [one for one in there if isinstance(one, Mapping)] if isinstance(there, list) else []
    usable = [one for one in keys if one.get("use", "sig") == "sig"]
    if not usable:
        raise ValueError("no key to check signatures with is in it")
    return usable


def fitting(keys: Sequence[Jwk], kid: str | None) -> Jwk | None:
    """The key of that id; whoever has a single key need not name it."""
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((one for one in keys if one.get("kid") == kid), None)
