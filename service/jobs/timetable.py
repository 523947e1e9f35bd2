"""Starts the harvest of sources that say how often they are, and the index of what came."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.errors import NotFoundError
from data.harvesting.timetable import is_due
from data.settings import Settings
from data.workspace import Workspace
from models.snapshots.manifest import current_manifest
from service.engine.presence import Presence
from service.jobs.jobs import Jobs, State

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 60.0
AGAIN_SECONDS: Final = 900.0
"""How long a harvest that ended before it came to its sources, as one that finds the workspace in
use, is not started again, nor an index that failed."""

COMMAND: Final = ("harvest", "--due")
INDEX: Final = ("index",)
BY: Final = "timetable"


class Timetable:
    """Looks once a minute whether a source is due or one has brought something.

    Of several servers one does so.
    """

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
        self._snapshots = Workspace(settings.home).snapshots
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
        """Start the index of what a harvest of ours has brought, and one harvest of what is due."""
        now = self._clock()
        self._index_what_came(now)
        self._harvest_what_is_due(now)

    def _index_what_came(self, now: float) -> None:
        """Start one index after a harvest that changed something, again in a while if it failed."""
        last = self._jobs.latest("harvest", "index")
        if last is None or last.by != BY or last.is_running:
            return
        if last.what == "index":
            is_over = last.state in (State.FINISHED, State.CANCELLED)
            if is_over or now - last.started < AGAIN_SECONDS:
                return
        if self._is_behind() and self._presence.is_first():
            self._jobs.start("index", INDEX, BY)

    def _is_behind(self) -> bool:
        """Whether the catalogue has changed since it was indexed."""
        try:
            return current_manifest(self._snapshots).revision != self._catalogue.revision()
        except NotFoundError:
            return bool(self._catalogue.counts()["outcomes"])

    def _harvest_what_is_due(self, now: float) -> None:
        """Start one harvest of all that is due, unless one goes on or was started just now."""
        if not any(is_due(one, now) for one in self._catalogue.sources.all()):
            return
        before = self._jobs.all("harvest")
        is_soon = any(
            one.arguments == COMMAND and now - one.started < AGAIN_SECONDS for one in before
        )
        if is_soon or any(one.is_running for one in before) or not self._presence.is_first():
            return
        self._jobs.start("harvest", COMMAND, BY)
