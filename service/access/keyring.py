"""Whose key a request carries, without asking the database or hashing each time."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.catalogue.hashing import digest_of, is_outdated
from data.catalogue.keys import EVERY_LEARNER, Key, Role, beginning_of
from data.errors import UnavailableError
from data.settings import Settings
from service.access.allowance import Allowance, who_is_at
from service.access.last_seen import LastSeen

FRESH_SECONDS: Final = 5.0
"""How long a key that was revoked elsewhere may still be taken."""

PROVED: Final = 10_000
"""Secrets, by their digests, of which it is remembered whose they are."""

HASHED_AT_ONCE: Final = 2
TRIES_A_MINUTE: Final = 20
"""Wrong keys from one address."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who came in; whoever has the settings' key has no name of their own.

    Who has a `platform` may change what is of it alone, and a learner sees the `learner` of this
    pseudonym alone. `source` is what let them in, by which they are counted and can be shut out.
    """

    name: str | None
    role: Role
    platform: str | None = None
    learner: str | None = None
    source: str = ""
    ends: float | None = None

    @property
    def sees_everyone(self) -> bool:
        """Whether all learners are open: to staff, and to programs that speak for all of them.

        Who has a platform looks after its content, and learners are of no platform.
        """
        if self.role is Role.LEARNER:
            return self.learner == EVERY_LEARNER
        return self.platform is None


class KeyRing:
    """The keys of the catalogue, read every few seconds, and the one of the settings.

    A secret is hashed, slowly, when it comes for the first time. Then it is known by its digest for
    as long as its key is as it was.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        secret = settings.api_key
        self._master = secret.get_secret_value().encode() if secret else None
        self.is_needed = self._master is not None or settings.oidc_issuer is not None
        """Whether nobody comes in without a key or a session."""
        self._catalogue = catalogue
        self._keys: Mapping[str, Key] = {}
        self._read = float("-inf")
        self._proved: OrderedDict[bytes, Key] = OrderedDict()
        self.used = LastSeen(catalogue.keys.note_used, "keys were used")
        self._hashing = CapacityLimiter(HASHED_AT_ONCE)
        self._tries = Allowance(TRIES_A_MINUTE, TRIES_A_MINUTE)

    async def holder(self, secret: bytes, address: str = "") -> Holder | None:
        """Whose secret that is, if it is good now.

        Raises HTTPException (429) where too many wrong ones came from the address.
        """
        if self._master is not None and hmac.compare_digest(secret, self._master):
            return Holder(None, Role.ADMINISTRATOR, source=_of_settings(self._master))
        await self._refresh()
        key = self._proved_by(secret)
        if key is None:
            self._tries.check(who_is_at(address))
            key = await self._hashed_by(secret)
        if key is None:
            self._tries.take(who_is_at(address))
            return None
        self.used.mark(key.id)
        return Holder(key.name, key.role, key.platform, key.learner, key.id, key.expires)

    async def lets_in(self, source: str) -> bool:
        """Whether what once let someone in still would."""
        if self._master is not None and source == _of_settings(self._master):
            return True
        await self._refresh()
        return source in self._keys and self._keys[source].holds(time.time())

    def forget(self) -> None:
        """Read the keys anew at the next request, since one has just changed."""
        self._read = float("-inf")

    async def _refresh(self) -> None:
        if time.monotonic() - self._read > FRESH_SECONDS:
            self._keys = {key.id: key for key in await run_sync(self._catalogue.keys.all)}
            self._read = time.monotonic()

    def _proved_by(self, secret: bytes) -> Key | None:
        """The key whose secret this was before, if it is still as it was then."""
        known = self._proved.get(digest := _short(secret))
        now = known and self._keys.get(known.id)
        if known is None or now is None or now.digest != known.digest:
            return None
        self._proved.move_to_end(digest)
        return now if now.holds(time.time()) else None

    async def _hashed_by(self, secret: bytes) -> Key | None:
        for key in _fitting(list(self._keys.values()), secret):
            if await run_sync(key.opens, secret, limiter=self._hashing):
                self._proved[_short(secret)] = await self._brought_up(key, secret)
                if len(self._proved) > PROVED:
                    self._proved.popitem(last=False)
                return key
        return None

    async def _brought_up(self, key: Key, secret: bytes) -> Key:
        """The key, with its secret kept as it is kept today."""
        if is_outdated(key.digest):
            with suppress(UnavailableError):  # another time will do
                await run_sync(self._catalogue.keys.rehash, key.id, secret)
                self.forget()
                await self._refresh()
        return self._keys.get(key.id, key)


def _fitting(keys: Sequence[Key], secret: bytes) -> list[Key]:
    """Those that hold and may be this secret's, which are one at most, so that one is hashed."""
    now, shown, digest = time.time(), beginning_of(secret), digest_of(secret)
    return [
        key
        for key in keys
        if key.holds(now) and (key.shown == shown if key.shown else key.digest == digest)
    ]


def _short(secret: bytes) -> bytes:
    return sha256(secret).digest()


def _of_settings(master: bytes) -> str:
    """What stands for the settings' key, so that with another one its sessions end."""
    return f"settings {digest_of(b'gateways ' + master)[:16]}"
