"""Starts the harvest of sources that say how often they are harvested."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.harvesting.timetable import is_due
from data.settings import Settings
from service.engine.presence import Presence
from service.jobs.jobs import Jobs

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 60.0
AGAIN_SECONDS: Final = 900.0
"""How long a harvest that ended before it came to its sources, as one that finds the workspace in
use, is not started again."""

COMMAND: Final = ("harvest", "--due")
BY: Final = "timetable"


class Timetable:
    """Looks once a minute whether a source is due; of several servers one does so."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        presence: Presence,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._catalogue = catalogue
        self._presence = presence
        self._jobs = Jobs(settings.home)
        self._clock = clock

    async def follow(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await run_sync(self.look)
            except Exception:
                log.exception("the timetable of harvests could not be followed; trying again")

    def look(self) -> None:
        """Start one harvest of all that is due, unless one goes on or was started just now."""
        now = self._clock()
        if not any(is_due(one, now) for one in self._catalogue.sources.all()):
            return
        before = self._jobs.all("harvest")
        is_soon = any(
            one.arguments == COMMAND and now - one.started < AGAIN_SECONDS for one in before
        )
        if is_soon or any(one.is_running for one in before) or not self._presence.is_first():
            return
        self._jobs.start("harvest", COMMAND, BY)
