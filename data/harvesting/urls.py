"""What may be asked for: addresses of the web, in full and without a password in them."""

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from data.errors import GatewaysError
from data.formats.fields import shown

_LONGEST = 8_000
_KEPT = "%/:=&?~+!$,;'@()*[]-._"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect to, and what to ask for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def header(self) -> str:
        """The host as HTTP names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in (80, 443) else f"{host}:{self.port}"


def place_of(url: str) -> Place:
    """Take an address apart. Raises GatewaysError unless it is one of the web."""
    try:
        parts = urlsplit(url if len(url) <= _LONGEST else "")
        name = parts.hostname or ""
        host = name.encode("ascii" if ":" in name else "idna")
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        host, port = b"", 0
    if not host:
        raise GatewaysError(f"{shown(url)} is not an address such as https://example.org/oai")
    if parts.username is not None or parts.password is not None:
        raise GatewaysError(f"{shown(url)} has a name or a password in it; remove them")
    target = quote(parts.path or "/", safe=_KEPT)
    if parts.query:
        target += f"?{quote(parts.query, safe=_KEPT)}"
    return Place(parts.scheme, host.decode(), port, target)


def redirected(url: str, location: str) -> str:
    """Where a redirect leads. Raises GatewaysError if it gives up encryption."""
    try:
        new = urljoin(url, location)
    except ValueError:
        new = location
    if url.startswith("https:") and not new.startswith("https:"):
        raise GatewaysError(f"{shown(url)} leads to {shown(new)}, which is not encrypted")
    return new
