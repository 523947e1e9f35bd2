"""When what lets people in was used last: gathered, and kept once a minute."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Final

from anyio.to_thread import run_sync

from data.errors import GatewaysError

log = logging.getLogger(__name__)
NOTED_EVERY: Final = 60.0
"""Seconds."""


class LastSeen:
    """Gathers times (Unix seconds) by id, which `keep` writes down; `what` is for the log."""

    def __init__(self, keep: Callable[[Mapping[str, float]], None], what: str) -> None:
        self._keep = keep
        self._what = what
        self._times: dict[str, float] = {}

    def mark(self, id_: str) -> None:
        """It is seen now."""
        self._times[id_] = time.time()

    async def follow(self) -> None:
        """Write down for ever what was gathered."""
        while True:
            await asyncio.sleep(NOTED_EVERY)
            await self.note()

    async def note(self) -> None:
        """Write down what was gathered; what cannot be kept now is kept later."""
        times, self._times = self._times, {}
        if not times:
            return
        try:
            await run_sync(self._keep, times)
        except GatewaysError as error:
            log.warning("when %s could not be kept: %s", self._what, error)
            self._times = times | self._times
