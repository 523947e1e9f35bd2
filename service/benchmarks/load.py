"""A closed loop of clients: each asks again once it was answered, or a while after a refusal."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

HOST: Final = "127.0.0.1"
REFUSED_SECONDS: Final = 1.0
"""How long a client that was refused waits: the least that a server can ask for by Retry-After."""

Seconds = npt.NDArray[np.float64]


@dataclass(slots=True)
class Loaded:
    """What came of a load: how long each answer took, and how many requests got none."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.seconds if self.seconds else 0.0

    def join(self, other: "Loaded") -> None:
        """Add what came of another round."""
        self.taken += other.taken
        self.failed += other.failed
        self.seconds += other.seconds


def load(port: int, path: str, bodies: Iterator[bytes], clients: int, seconds: float) -> Loaded:
    """Have so many clients post `bodies` for so long; what is under way then is waited for."""
    return asyncio.run(_load(port, path, bodies, clients, seconds))


async def _load(
    port: int, path: str, bodies: Iterator[bytes], clients: int, seconds: float
) -> Loaded:
    found = Loaded()
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_client(port, path, bodies, until, found) for _ in range(clients)))
    found.seconds = time.perf_counter() - began
    return found


async def _client(
    port: int, path: str, bodies: Iterator[bytes], until: float, found: Loaded
) -> None:
    while time.perf_counter() < until:
        try:
            reader, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            found.failed += 1
            await asyncio.sleep(0.1)
            continue
        try:
            while time.perf_counter() < until:
                began = time.perf_counter()
                if await ask(reader, writer, path, next(bodies)) == 200:
                    found.taken.append(time.perf_counter() - began)
                else:
                    found.failed += 1
                    await asyncio.sleep(min(REFUSED_SECONDS, max(0, until - time.perf_counter())))
        except (OSError, asyncio.IncompleteReadError, ValueError):
            found.failed += 1
        finally:
            writer.close()


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes
) -> int:
    """Post one body and read the whole answer; its status."""
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    _, _, length = head.partition("content-length:")
    await reader.readexactly(int(length.split("\r\n")[0]))
    return int(head.split(" ", 2)[1])
