"""Concurrent requests share the encoder's batches; one thread encodes."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.alignment.aligner import Aligner
from models.encoder import Matrix
from models.suggestion import Query
from service.http.problems import BusyError

MOST_QUEUED = 1000


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    aligner: Aligner
    query: Query
    future: asyncio.Future[Matrix]
    until: float


class Batcher:
    """Encodes queries in the order in which they come, up to `size` at a time.

    A query never waits while nothing else is queued; if others are, the batch waits up to `wait_ms`
    milliseconds to fill. One that has waited `most_wait` seconds, or whose client went away, costs
    no encoding. `observe` is told each batch's size.
    """

    def __init__(
        self,
        size: int,
        wait_ms: float,
        observe: Callable[[int], None] = lambda _: None,
        most_wait: float = float("inf"),
    ) -> None:
        self._size = size
        self._wait = wait_ms / 1000
        self._most_wait = most_wait
        self._observe = observe
        self._queued: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="encoding", daemon=True)
        self._thread.start()

    async def encode(self, aligner: Aligner, query: Query) -> Matrix:
        """The vector [dimension] of a query.

        Raises BusyError beyond MOST_QUEUED or after too long a wait, and whatever the encoder
        raises on this batch.
        """
        future: asyncio.Future[Matrix] = asyncio.get_running_loop().create_future()
        with self._changed:
            if self._closed or len(self._queued) >= MOST_QUEUED:
                raise BusyError(f"{len(self._queued):,} texts are waiting; try again in a moment")
            until = time.monotonic() + self._most_wait
            self._queued.append(_Job(aligner, query, future, until))
            self._changed.notify()
        return await future

    def close(self) -> None:
        """Stop after the batch in work; what is still queued is cancelled."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        for job in self._queued:
            job.future.cancel()

    def _work(self) -> None:
        while batch := self._next():
            self._observe(len(batch))
            try:
                vectors = batch[0].aligner.encode([job.query for job in batch])
            except Exception as error:
                _hand_over(batch, error)
            else:
                _hand_over(batch, vectors)

    def _next(self) -> list[_Job]:
        """The next queries that have the same aligner; none when it is over."""
        with self._changed:
            batch: list[_Job] = []
            while not batch and not self._closed:
                self._changed.wait_for(lambda: self._queued or self._closed)
                if len(self._queued) > 1:
                    self._changed.wait_for(lambda: len(self._queued) >= self._size, self._wait)
                batch = [] if self._closed else self._taken()
            return batch

    def _taken(self) -> list[_Job]:
        batch: list[_Job] = []
        while self._queued and len(batch) < self._size:
            if batch and self._queued[0].aligner is not batch[0].aligner:
                break
            job = self._queued.popleft()
            if job.future.done():
                continue  # its client went away
            if time.monotonic() > job.until:
                _hand_over([job], BusyError("too much was asked at once; try again in a moment"))
            else:
                batch.append(job)
        return batch


def _hand_over(batch: Sequence[_Job], result: Matrix | Exception) -> None:
    """Give every request its row of `result`, or the error; in the event loop's thread."""

    def resolve() -> None:
        for row, job in enumerate(batch):
            if job.future.done():
                continue  # its client went away
            if isinstance(result, Exception):
                job.future.set_exception(result)
            else:
                job.future.set_result(result[row])

    batch[0].future.get_loop().call_soon_threadsafe(resolve)
