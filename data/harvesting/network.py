"""Connections to checked addresses that end at a set time, however slowly the other side sends."""

import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpcore

from data.errors import GatewaysError
from data.harvesting.addresses import Network, checked_addresses

_LONGEST_WAIT = 30.0  # seconds for a connection, or until the next byte


class SlowError(GatewaysError):
    """An answer was not there at the time when it had to be."""


class Clock:
    """The time that one answer may take in all."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds for the next step. Raises SlowError when none are left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise SlowError(
                f"no whole answer within {self._seconds:g} seconds; try again later, or raise "
                "GATEWAYS_HARVEST_TIMEOUT"
            )
        return min(left, _LONGEST_WAIT)

    @contextmanager
    def step(self) -> Iterator[float]:
        """The seconds for one step; one that took all that was left ends the whole."""
        try:
            yield self.left()
        except httpcore.TimeoutException:
            self.left()
            raise


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to addresses that were checked, so that a name cannot mean another one by then."""

    def __init__(self, private: Sequence[Network], clock: Clock) -> None:
        self._private = private
        self._clock = clock
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the clock knows better
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers."""
        failed: Exception = httpcore.ConnectError("there is no such host")
        try:
            addresses = checked_addresses(host, port, self._private)
        except (OSError, ValueError) as error:
            raise httpcore.ConnectError(f"there is no such host ({error})") from error
        for address in addresses:
            try:
                with self._clock.step() as seconds:
                    stream = self._network.connect_tcp(
                        address, port, seconds, local_address, socket_options
                    )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, self._clock)
        raise failed


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        with self._clock.step() as seconds:
            return self._stream.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        with self._clock.step() as seconds:
            self._stream.write(buffer, seconds)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        with self._clock.step() as seconds:
            secured = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _TimedStream(secured, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
