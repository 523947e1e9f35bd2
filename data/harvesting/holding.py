"""Holds a source while it is harvested, so that no other machine harvests it as well."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from data.catalogue import Catalogue
from data.catalogue.harvests import LATE_SECONDS, Harvest
from data.errors import ConflictError, GatewaysError

RENEWED_EVERY: Final = 10.0
"""Seconds. To take in a large package takes minutes, so a thread of its own says it goes on."""

log = logging.getLogger(__name__)

Check = Callable[[], None]


@contextmanager
def holding(catalogue: Catalogue, source: str) -> Iterator[Check]:
    """Have the source for oneself; call what this gives before each step that changes anything.

    That raises ConflictError where another has taken it, as happens when this process stood still
    for a minute. Raises ConflictError at once where another has it.
    """
    now = time.time()
    host, pid = socket.gethostname(), os.getpid()
    held = Harvest(source=source, id=secrets.token_hex(8), host=host, pid=pid, since=now, seen=now)
    before = catalogue.harvests.of(source)
    if before is not None and before.host == host and not _runs(before.pid):
        catalogue.harvests.end(before)  # it was killed; where that is seen nobody need wait
    catalogue.harvests.begin(held)
    renewing = _Renewing(catalogue, held)
    thread = threading.Thread(target=renewing.go_on, name=f"holding {source}", daemon=True)
    thread.start()
    try:
        yield renewing.check
    finally:
        renewing.over.set()
        thread.join()
        with suppress(GatewaysError):  # it is forgotten in a while
            catalogue.harvests.end(held)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


class _Renewing:
    """Says again and again that the harvest goes on, and knows when that was last heard."""

    def __init__(self, catalogue: Catalogue, held: Harvest) -> None:
        self._catalogue = catalogue
        self._held = held
        self._heard = held.seen
        self._lost = False
        self.over = threading.Event()

    def go_on(self) -> None:
        while not self.over.wait(RENEWED_EVERY):
            try:
                self._renew()
            except GatewaysError as error:
                log.warning("source %s: others may take it: %s", self._held.source, error)

    def check(self) -> None:
        if time.time() - self._heard > LATE_SECONDS:
            self._renew()
        if self._lost:
            raise ConflictError(
                f"source {self._held.source!r} was taken over by another process, since this one "
                f"was silent for more than {LATE_SECONDS:g} seconds; that goes on with it"
            )

    def _renew(self) -> None:
        now = time.time()
        if self._catalogue.harvests.renew(self._held, now):
            self._heard = now
        else:
            self._lost = True
