"""Whether all that is needed to suggest and to decide is there, said within a bounded time."""

import asyncio
from collections.abc import Callable
from typing import Final

import numpy as np
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.errors import GatewaysError
from service.engine.live import Live
from service.engine.presence import Presence

WITHIN_SECONDS: Final = 6.0
"""A little more than a Milvus that does not answer is waited for, and less than a probe waits."""


class Readiness:
    """Looks by reading alone, so that no probe waits for whoever is writing.

    Whether the catalogue can be written is known of the row that this process keeps there.
    """

    def __init__(self, catalogue: Catalogue, live: Live, presence: Presence) -> None:
        self._live = live
        self._presence = presence
        self._kept = catalogue
        self._catalogue = _Look(catalogue.revision, "the catalogue")
        self._index = _Look(self._read_index, "the index")

    async def missing(self) -> list[str]:
        """What is missing, each with what to do; nothing where it is ready."""
        looked = await asyncio.gather(self._catalogue.trouble(), self._index.trouble())
        said = [self._presence.refused, self._kept.damage, *looked]
        return list(dict.fromkeys(filter(None, said)))

    def _read_index(self) -> None:
        # Vectors may be with a server that does not answer; reading one costs next to nothing.
        rows = self._live.serving().snapshot.resources
        rows.vectors(np.arange(min(1, len(rows.ids))))


class _Look:
    """One look at a time, whose end all wait for who ask meanwhile, and nobody for long."""

    def __init__(self, look: Callable[[], object], what: str) -> None:
        self._look = look
        self._what = what
        self._looking: asyncio.Task[str | None] | None = None
        self._thread = CapacityLimiter(1)  # its own: requests that wait may have all the others

    async def trouble(self) -> str | None:
        """What is the matter, None if nothing is."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._looked())
        done, _ = await asyncio.wait({self._looking}, timeout=WITHIN_SECONDS)
        if not done:
            return f"{self._what} has not answered for {WITHIN_SECONDS:g} seconds; ask again"
        return self._looking.result()

    async def _looked(self) -> str | None:
        try:
            await run_sync(self._look, abandon_on_cancel=True, limiter=self._thread)
        except GatewaysError as error:
            return str(error)
        return None
