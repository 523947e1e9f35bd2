"""How much each may ask: a bucket of tokens for whoever asks, which fills as time passes."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from starlette.exceptions import HTTPException

REMEMBERED: Final = 10_000
"""Whoever asked longest ago is forgotten above this, so that strangers do not fill the memory."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    since: float


class Allowance:
    """So many a minute for each who asks, `burst` of them at once; 0 a minute is no limit."""

    def __init__(
        self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, who: str) -> None:
        """Count one for `who`. Raises HTTPException (429) that says when there is one again."""
        self.check(who)
        if self._rate:
            self._filled(who).tokens -= 1

    def check(self, who: str) -> None:
        """Raise the same without counting one."""
        if self._rate and (lacking := 1 - self._filled(who).tokens) > 0:
            seconds = math.ceil(lacking / self._rate)
            raise HTTPException(
                429,
                f"that is more than is answered at a time; ask again in {seconds} s",
                {"Retry-After": str(seconds)},
            )

    def _filled(self, who: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(who, _Bucket(self._burst, now))
        self._buckets.move_to_end(who)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.since) * self._rate)
        bucket.since = now
        return bucket


def who_is_at(address: str) -> str:
    """By what an address counts: one of IPv6 by its /64, since a single host may have all of it."""
    try:
        found = ip_address(address)
    except ValueError:  # a socket of the file system has none
        return address
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return str(IPv6Network((found, 64), strict=False) if isinstance(found, IPv6Address) else found)
