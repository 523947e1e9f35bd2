"""The one place that asks another host: what it may answer is bounded in time, size and place."""

import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias
from urllib.parse import urlencode

import httpcore

from data.errors import GatewaysError
from data.formats.fields import shown
from data.harvesting.addresses import Network
from data.harvesting.network import CheckedNetwork, Clock
from data.harvesting.urls import place_of, redirected
from data.settings import Settings

AGENT: Final = "gateways (harvests descriptions of learning resources)"
REDIRECTS: Final = 5
TRIES: Final = 4
FORM: Final = "application/x-www-form-urlencoded"
LONGEST_PAUSE: Final = 300.0
"""Seconds that a host may ask us to wait."""
A_YEAR: Final = 365 * 24 * 3600.0

_MOVED = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 502, 503, 504})
_Sent: TypeAlias = tuple[Mapping[str, str], bytes]
_GZIP = 16 + zlib.MAX_WBITS


class UnreachableError(GatewaysError):
    """A host did not answer; another time it may."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said in the end; `headers` go by their names in small letters."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """What the host says that it is."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Asks hosts of the public internet, and private ones that lie in `private`.

    An answer has at most `max_body` bytes, however it is packed, and comes within `timeout`.
    `heard` is told how many bytes came, whenever some do.
    """

    private: Sequence[Network] = ()
    max_body: int = 50_000_000
    timeout: float = 120.0
    tries: int = TRIES
    sleep: Callable[[float], None] = time.sleep
    heard: Callable[[int], None] = lambda _bytes: None
    _trusted: list[ssl.SSLContext] = field(default_factory=list)

    @classmethod
    def within(cls, settings: Settings) -> "Fetcher":
        """A fetcher in the bounds that the settings give."""
        return cls(
            private=settings.harvest_private,
            max_body=settings.harvest_max_body,
            timeout=settings.harvest_timeout,
        )

    def get(self, url: str) -> Answer:
        """Ask for a page. Raises GatewaysError that says what went wrong and where."""
        return _answer(*_followed(url, self._patiently))

    def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Send a form, once, and to this address alone, since what is in it may be secret.

        Raises GatewaysError for any other status than 200.
        """
        content = urlencode(form).encode()
        told = {**headers, "Content-Type": FORM, "Content-Length": str(len(content))}
        return _answer(url, self._asked(url, sent=(told, content)))

    def status(self, url: str) -> int:
        """What an address answers in the end, asked once and without reading what it holds.

        Raises GatewaysError, ForbiddenError, SlowError or UnreachableError.
        """
        return _followed(url, lambda here: self._asked(here, with_body=False))[1].status

    def _patiently(self, url: str) -> _Reply:
        """Try again where that may help."""
        for tried in range(1, self.tries + 1):
            pause = float(2 ** (tried - 1))
            try:
                reply = self._asked(url)
            except UnreachableError as error:
                said = str(error)
            else:
                if reply.status not in _BUSY:
                    return reply
                pause = _asked_pause(url, reply.headers.get("retry-after"), pause)
                said = f"it is busy (status {reply.status})"
            if tried < self.tries:
                self.sleep(pause)
        raise GatewaysError(f"{shown(url)}: asked {self.tries} times: {said}; try again later")

    def _asked(self, url: str, *, with_body: bool = True, sent: _Sent | None = None) -> _Reply:
        """Ask once, or send what is `sent`: headers and content."""
        try:
            return self._once(url, sent, with_body=with_body)
        except GatewaysError as error:
            raise type(error)(f"{shown(url)}: {error}") from None
        except (httpcore.TimeoutException, httpcore.NetworkError) as error:
            raise UnreachableError(str(error) or type(error).__name__) from None
        except httpcore.ProtocolError as error:
            raise UnreachableError(f"what it answers is not HTTP ({error})") from None

    def _once(self, url: str, sent: _Sent | None, *, with_body: bool) -> _Reply:
        place, clock = place_of(url), Clock(self.timeout)
        more, content = sent or ({}, None)
        headers = {
            "Host": place.header,
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **more,
        }
        target = httpcore.URL(
            scheme=place.scheme.encode(),
            host=place.host.encode(),
            port=place.port,
            target=place.target.encode(),
        )
        network = CheckedNetwork(self.private, clock)
        with (
            httpcore.ConnectionPool(self._tls(), network_backend=network) as pool,
            pool.stream(
                "POST" if sent else "GET", target, headers=list(headers.items()), content=content
            ) as response,
        ):
            said = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            wanted = with_body and response.status == 200
            body = self._body(response.iter_stream(), said, clock) if wanted else b""
            return _Reply(response.status, said, body)

    def _body(self, chunks: Iterable[bytes], headers: dict[str, str], clock: Clock) -> bytes:
        packing = headers.get("content-encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip", "x-gzip"):
            raise GatewaysError(
                f"the answer is packed as {shown(packing)}, which was not asked for"
            )
        body = bytearray()
        unpacker = None if packing == "identity" else zlib.decompressobj(_GZIP)
        for chunk in chunks:
            clock.left()
            self.heard(len(chunk))
            room = self.max_body + 1 - len(body)
            try:
                body += chunk[:room] if unpacker is None else unpacker.decompress(chunk, room)
            except zlib.error as error:
                raise GatewaysError(f"the answer is damaged ({error})") from None
            if len(body) > self.max_body:
                raise GatewaysError(
                    f"the answer is longer than {self.max_body:,} bytes; ask for smaller pages "
                    "there, or raise GATEWAYS_HARVEST_MAX_BODY"
                )
        if unpacker is not None and not unpacker.eof:
            raise GatewaysError("the answer is damaged (its end is missing)")
        return bytes(body)

    def _tls(self) -> ssl.SSLContext:
        """Trust the usual authorities and those of this machine; read once, since it is slow."""
        if not self._trusted:
            context = httpcore.default_ssl_context()
            context.load_default_certs()
            self._trusted.append(context)
        return self._trusted[0]


def _followed(url: str, ask: Callable[[str], _Reply]) -> tuple[str, _Reply]:
    """Where an address leads, and what is answered there. Raises GatewaysError."""
    here = url
    for _ in range(REDIRECTS + 1):
        reply = ask(here)
        if reply.status not in _MOVED or "location" not in reply.headers:
            return here, reply
        here = redirected(here, reply.headers["location"])
    raise GatewaysError(f"{shown(url)} leads on and on, more than {REDIRECTS} times")


def _answer(url: str, reply: _Reply) -> Answer:
    if reply.status != 200:
        raise GatewaysError(
            f"{shown(url)}: the answer has status {reply.status}; look at the address in a browser"
        )
    return Answer(url, reply.headers, reply.body)


def _asked_pause(url: str, asked: str | None, otherwise: float) -> float:
    """How long to wait before the next try. Raises GatewaysError if that is too long."""
    try:
        pause = float(asked) if asked and asked.strip().isdecimal() else _until(asked)
    except (ValueError, TypeError, OverflowError):
        return otherwise
    if pause > A_YEAR:  # digits without end are infinite as a float
        raise GatewaysError(
            f"{shown(url)}: it asks to wait for more than a year; ask those who run it"
        )
    if pause > LONGEST_PAUSE:
        raise GatewaysError(f"{shown(url)}: it asks to wait for {pause:,.0f} seconds; do so")
    return max(pause, otherwise)


def _until(asked: str | None) -> float:
    return parsedate_to_datetime(asked or "").timestamp() - time.time()
