import asyncio
import threading

import numpy as np
import pytest

from models.suggestion import Query
from service.engine import batching
from service.engine.batching import Batcher, BusyError
from tests.patience import PATIENCE


class Recording:
    """Stands at the aligner's seam: encodes a text as its length, and can be held up."""

    def __init__(self):
        self.batches = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def encode(self, queries):
        texts = [query.text for query in queries]
        self.batches.append(texts)
        assert self.may_go_on.wait(PATIENCE)
        if "bad" in texts:
            raise ValueError("bad")
        return np.array([[len(text)] for text in texts], dtype=np.float32)


@pytest.fixture
def aligner():
    return Recording()


def texts(*said):
    return [Query(text=text) for text in said]


async def started(aligner, batcher, first="first"):
    """Hold the encoder up with one query, so that what follows queues."""
    aligner.may_go_on.clear()
    task = asyncio.create_task(batcher.encode(aligner, Query(text=first)))
    while not aligner.batches:
        await asyncio.sleep(0.001)
    return task


def test_each_request_gets_the_vector_of_its_own_text(aligner):
    async def ask():
        batcher = Batcher(size=4, wait_ms=1)
        asked = [batcher.encode(aligner, query) for query in texts("a", "bbb", "cc", "dddd", "e")]
        found = await asyncio.gather(*asked)
        batcher.close()
        return [float(vector[0]) for vector in found]

    assert asyncio.run(ask()) == [1, 3, 2, 4, 1]


def test_what_queues_behind_a_batch_is_encoded_together_up_to_the_size(aligner):
    async def ask():
        batcher = Batcher(size=3, wait_ms=1)
        first = await started(aligner, batcher)
        rest = [asyncio.ensure_future(batcher.encode(aligner, q)) for q in texts(*"abcde")]
        await asyncio.sleep(0)
        aligner.may_go_on.set()
        await asyncio.gather(first, *rest)
        batcher.close()

    asyncio.run(ask())
    assert aligner.batches == [["first"], ["a", "b", "c"], ["d", "e"]]


def test_a_lone_query_does_not_wait_for_company(aligner):
    async def ask():
        batcher = Batcher(size=32, wait_ms=2000 * PATIENCE)
        await asyncio.wait_for(batcher.encode(aligner, Query(text="alone")), PATIENCE)
        batcher.close()

    asyncio.run(ask())


def test_a_failing_batch_fails_its_own_requests_only(aligner):
    async def ask():
        batcher = Batcher(size=2, wait_ms=1)
        first = await started(aligner, batcher)
        rest = [asyncio.ensure_future(batcher.encode(aligner, q)) for q in texts("x", "bad", "y")]
        await asyncio.sleep(0)
        aligner.may_go_on.set()
        found = await asyncio.gather(first, *rest, return_exceptions=True)
        batcher.close()
        return found

    first, x, bad, y = asyncio.run(ask())
    assert isinstance(x, ValueError)
    assert isinstance(bad, ValueError)
    assert (first[0], y[0]) == (5, 1)


def test_queries_of_two_snapshots_are_never_encoded_together(aligner):
    other = Recording()

    async def ask():
        batcher = Batcher(size=8, wait_ms=1)
        first = await started(aligner, batcher)
        rest = [
            asyncio.ensure_future(batcher.encode(one, query))
            for one, query in zip([aligner, other, aligner], texts(*"abc"), strict=True)
        ]
        await asyncio.sleep(0)
        aligner.may_go_on.set()
        await asyncio.gather(first, *rest)
        batcher.close()

    asyncio.run(ask())
    assert aligner.batches == [["first"], ["a"], ["c"]]
    assert other.batches == [["b"]]


def test_beyond_the_queue_a_query_is_refused_and_the_others_are_answered(aligner, monkeypatch):
    monkeypatch.setattr(batching, "MOST_QUEUED", 2)

    async def ask():
        batcher = Batcher(size=8, wait_ms=1)
        first = await started(aligner, batcher)
        queued = [asyncio.ensure_future(batcher.encode(aligner, q)) for q in texts(*"ab")]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="2 texts are waiting"):
            await batcher.encode(aligner, Query(text="c"))
        aligner.may_go_on.set()
        await asyncio.gather(first, *queued)
        batcher.close()

    asyncio.run(ask())


def test_a_client_that_went_away_spoils_nothing(aligner):
    async def ask():
        batcher = Batcher(size=8, wait_ms=1)
        first = await started(aligner, batcher)
        gone, stays = [asyncio.ensure_future(batcher.encode(aligner, q)) for q in texts(*"ab")]
        await asyncio.sleep(0)
        gone.cancel()
        aligner.may_go_on.set()
        await first
        found = await stays
        batcher.close()
        return float(found[0])

    assert asyncio.run(ask()) == 1
    assert aligner.batches == [["first"], ["b"]]


def test_what_has_waited_too_long_is_refused_and_not_encoded(aligner):
    async def ask():
        batcher = Batcher(size=8, wait_ms=1, most_wait=0.0)
        first = asyncio.ensure_future(batcher.encode(aligner, Query(text="late")))
        with pytest.raises(BusyError):
            await first
        batcher.close()

    asyncio.run(ask())
    assert aligner.batches == []


def test_closing_ends_the_thread_and_cancels_what_is_queued(aligner):
    async def ask():
        batcher = Batcher(size=1, wait_ms=1)
        first = await started(aligner, batcher)
        queued = asyncio.ensure_future(batcher.encode(aligner, Query(text="late")))
        await asyncio.sleep(0)
        closing = asyncio.create_task(asyncio.to_thread(batcher.close))
        while not batcher._closed:
            await asyncio.sleep(0.001)
        aligner.may_go_on.set()
        await closing
        with pytest.raises(asyncio.CancelledError):
            await queued
        with pytest.raises(BusyError):
            await batcher.encode(aligner, Query(text="too late"))
        await first

    asyncio.run(ask())


def test_the_size_of_each_batch_is_told(aligner):
    sizes = []

    async def ask():
        batcher = Batcher(size=8, wait_ms=1, observe=sizes.append)
        first = await started(aligner, batcher)
        rest = [asyncio.ensure_future(batcher.encode(aligner, q)) for q in texts(*"abc")]
        await asyncio.sleep(0)
        aligner.may_go_on.set()
        await asyncio.gather(first, *rest)
        batcher.close()

    asyncio.run(ask())
    assert sizes == [1, 3]
