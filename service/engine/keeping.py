"""Keeps what was shown: requests that come together share one transaction of the ledger."""

import asyncio
from collections.abc import Sequence

from anyio.to_thread import run_sync

from data.catalogue import Catalogue
from data.records import Showing


class Keeper:
    """Writes showings in the order in which they come; for one event loop.

    One write is under way at a time, and what comes meanwhile goes into the next: a transaction for
    each request would wait for the others', and SQLite waits in steps of up to a tenth of a second.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._waiting: list[tuple[Showing, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, showing: Showing) -> None:
        """Return when the showing is in the ledger. Raises what writing it raises."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((showing, written))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting, []
                written = [future for _, future in taken]
                try:
                    await run_sync(
                        self._catalogue.ledger.record_showings, [showing for showing, _ in taken]
                    )
                except Exception as error:
                    _end(written, error)
                else:
                    _end(written)
        finally:
            self._writer = None


def _end(written: Sequence[asyncio.Future[None]], error: Exception | None = None) -> None:
    for future in written:
        if future.done():
            continue  # its client went away
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(None)
