"""Whose key a request carries, without asking the database each time."""

import hmac
import time
from dataclasses import dataclass
from typing import Final

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.catalogue.keys import Key, Role
from data.settings import Settings

FRESH_SECONDS: Final = 5.0
"""How long a key that was revoked elsewhere may still be taken."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who came in with a key; the settings' key has no name of its own.

    Who has a `platform` may change what is of it alone.
    """

    name: str | None
    role: Role
    platform: str | None = None


class KeyRing:
    """The keys of the catalogue, read every few seconds, and the one of the settings."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        secret = settings.api_key
        self._master = secret.get_secret_value().encode() if secret else None
        self._catalogue = catalogue
        self._keys: list[Key] = []
        self._read = float("-inf")

    @property
    def is_needed(self) -> bool:
        """Whether nobody comes in without a key."""
        return self._master is not None

    async def holder(self, secret: bytes) -> Holder | None:
        """Whose secret that is, if it is good now."""
        if self._master is not None and hmac.compare_digest(secret, self._master):
            return Holder(None, Role.ADMINISTRATOR)
        if time.monotonic() - self._read > FRESH_SECONDS:
            self._keys, self._read = await run_sync(self._catalogue.keys.all), time.monotonic()
        now = time.time()
        found = [key for key in self._keys if key.opens(secret) and key.holds(now)]
        return Holder(found[0].name, found[0].role, found[0].platform) if found else None

    def forget(self) -> None:
        """Read the keys anew at the next request, since one has just changed."""
        self._read = float("-inf")
