"""More questions than a server can answer: how many it answers in time all the same.

Questions come at a rate, whether or not those before them were answered. A client that has waited
for `within` seconds goes away.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from data.progress import progress_bar
from data.settings import Settings
from service.benchmarks.load import HOST, ask, load
from service.benchmarks.questions import PATH, bodies, texts
from service.benchmarks.server import running

CLIENTS: Final = 64
"""Enough to keep the server busy while its capacity is measured."""

WARM_UP_SECONDS: Final = 3.0

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(slots=True, kw_only=True)
class Offered:
    """What came of questions at a rate: seconds of those answered in time, how many were not.

    `peak` is the mean of the capacity before and after, answers a second: whatever else the machine
    does meets both.
    """

    times: float
    rate: float
    peak: float = 0.0
    sent: int = 0
    taken: list[float] = field(default_factory=list)
    refused: int = 0
    late: int = 0
    failed: int = 0
    seconds: float = 0.0

    @property
    def goodput(self) -> float:
        """Answers in time, a second."""
        return len(self.taken) / self.seconds if self.seconds else 0.0


def measure(
    settings: Settings, times: Sequence[float], seconds: float, within: float
) -> list[Offered]:
    """What comes of multiples of the capacity of a workspace's server, which is measured between.

    Raises GatewaysError when the workspace has no index, or the server does not start.
    """
    questions = bodies(texts())
    with (
        running(settings.home) as server,
        progress_bar("Loads", len(times)) as progress,
    ):
        server.ask(PATH, next(questions))
        load(server.port, PATH, questions, CLIENTS, WARM_UP_SECONDS)
        before = load(server.port, PATH, questions, CLIENTS, seconds).rate
        found = []
        for one in times:
            offered = Offered(times=one, rate=one * before)
            asyncio.run(offer(server.port, PATH, questions, offered, seconds, within))
            after = load(server.port, PATH, questions, CLIENTS, seconds).rate
            offered.peak = (before + after) / 2
            before = after
            found.append(offered)
            progress(1)
    return found


async def offer(
    port: int, path: str, bodies: Iterator[bytes], offered: Offered, seconds: float, within: float
) -> None:
    """Send questions for so long, at the rate of `offered`, and note what comes of each."""
    idle: list[Connection] = []
    began = time.perf_counter()
    questions = []
    for number in range(round(seconds * offered.rate)):
        await asyncio.sleep(began + number / offered.rate - time.perf_counter())
        questions.append(
            asyncio.create_task(_question(port, path, next(bodies), offered, idle, within))
        )
    await asyncio.gather(*questions)
    # Those that come last are answered after the others have stopped coming.
    offered.seconds = max(seconds, time.perf_counter() - began)
    for _, writer in idle:
        writer.close()


async def _question(
    port: int, path: str, body: bytes, offered: Offered, idle: list[Connection], within: float
) -> None:
    offered.sent += 1
    began = time.perf_counter()
    connection: Connection | None = None
    try:
        async with asyncio.timeout(within):
            connection = await _connection(port, idle)
            status = await ask(*connection, path, body)
    except TimeoutError:
        offered.late += 1
    except (OSError, asyncio.IncompleteReadError, ValueError):
        offered.failed += 1
    else:
        idle.append(connection)
        if status == HTTPStatus.OK:
            offered.taken.append(time.perf_counter() - began)
        elif status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            offered.refused += 1
        else:
            offered.failed += 1
        return
    if connection is not None:
        connection[1].close()


async def _connection(port: int, idle: list[Connection]) -> Connection:
    """One that was kept open, unless the server has closed it meanwhile, or a new one."""
    while idle:
        reader, writer = idle.pop()
        if not reader.at_eof():
            return reader, writer
        writer.close()
    return await asyncio.open_connection(HOST, port)
