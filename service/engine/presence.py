"""What this process says of itself to the others over the same catalogue."""

import asyncio
import logging
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.catalogue.servers import Server, State
from data.errors import BrokenError, GatewaysError
from data.settings import Settings
from service.engine.live import Live

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 2.0
REPORT_SECONDS: Final = 10.0


class Presence:
    """Keeps a row of the catalogue that says what this process serves.

    It is written anew every ten seconds, and when it changes; where that fails, serving goes on.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        live: Live,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._catalogue = catalogue
        self._live = live
        self._clock = clock
        self._said = Server(
            id=secrets.token_hex(6),
            host=socket.gethostname(),
            port=settings.port,
            index=None,
            model=None,
            why=None,
            seen=float("-inf"),
        )
        self._trouble = ""
        self._refused: str | None = None

    @property
    def refused(self) -> str | None:
        """Why the catalogue could not be written when it was last tried; None if it could.

        That others were writing, or that a server did not answer, says nothing of it.
        """
        return self._refused

    async def follow(self) -> None:
        """Say it for ever."""
        while True:
            try:
                await run_sync(self.report)
            except Exception:
                log.exception("what is served could not be told; trying again")
            await asyncio.sleep(LOOK_SECONDS)

    def report(self) -> None:
        """Say what is served, unless the same was said just now."""
        manifest, now = self._live.in_use, self._clock()
        said = replace(
            self._said,
            index=manifest.id if manifest else None,
            model=manifest.model if manifest else None,
            why=self._live.behind,
        )
        is_told = said == self._said and now - said.seen < REPORT_SECONDS
        if is_told and self._refused is None:
            return
        self._said = replace(said, seen=now)
        try:
            self._catalogue.servers.report(self._said)
        except GatewaysError as error:
            if str(error) != self._trouble:
                log.warning("other processes are not told what this one serves: %s", error)
            self._trouble = str(error)
            if isinstance(error, BrokenError):
                self._refused = str(error)
        else:
            self._trouble, self._refused = "", None

    def leave(self) -> None:
        """Say that this process serves no more."""
        with suppress(GatewaysError):  # its row is forgotten in a while
            self._catalogue.servers.leave(self._said.id)

    def is_first(self) -> bool:
        """Whether this process is to do what one is enough for.

        Of those that serve what is wanted it is the first by id; two may think so for a moment.
        """
        if self._live.behind is not None:
            return False
        now, wanted = self._clock(), self._catalogue.servers.wanted()
        others = self._catalogue.servers.all(now)
        able = (one.id for one in others if one.state(wanted, now) is State.CURRENT)
        return min(able, default=self._said.id) == self._said.id
