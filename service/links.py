"""Whether addresses answer: asked one after the other of each host, of several hosts at once."""

import http.client
import ipaddress
import socket
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from evaluation.conformance.findings import Finding, failed, not_known, passed

PATIENCE: Final = 10.0  # seconds
HOSTS_AT_ONCE: Final = 8
_GONE: Final = frozenset({404, 410})
# Some servers do not know HEAD, and say so in many ways.
_ASK_AGAIN: Final = frozenset({400, 403, 404, 405, 406, 501})
_AGENT: Final = "gateways-conform (asks whether a link is alive)"


def is_public(host: str) -> bool:
    """Whether a host is on the open network: an address of a catalogue must not lead inside."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return True  # it is not there, which asking will tell
    return all(ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found)


def ask_links(
    urls: Collection[str],
    *,
    patience: float = PATIENCE,
    may_ask: Callable[[str], bool] = is_public,
) -> Mapping[str, Finding]:
    """Address → whether it answers; what is refused without saying that it is gone is not known."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(urls):
        by_host[_host(url)].append(url)
    opener = build_opener(_Redirects(may_ask))

    def ask_host(host: str) -> dict[str, Finding]:
        if not host or not may_ask(host):
            return dict.fromkeys(by_host[host], not_known("not an address on the open network"))
        return {url: _ask(opener, url, patience) for url in by_host[host]}

    found: dict[str, Finding] = {}
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for answers in pool.map(ask_host, by_host):
            found |= answers
    return found


class _Redirects(HTTPRedirectHandler):
    """Follows redirects to where one may ask."""

    def __init__(self, may_ask: Callable[[str], bool]) -> None:
        self._may_ask = may_ask

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """The next request. Raises URLError where it must not be made."""
        if not self._may_ask(_host(newurl)):
            raise URLError("it leads to an address that is not on the open network")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _ask(opener: OpenerDirector, url: str, patience: float) -> Finding:
    finding = not_known("not asked for")
    for method in ("HEAD", "GET"):
        # Only addresses of http come here: others have no host.
        request = Request(url, method=method, headers={"User-Agent": _AGENT})  # noqa: S310
        try:
            with opener.open(request, timeout=patience):
                return passed()
        except HTTPError as error:
            error.close()
            if error.code in _GONE:
                finding = failed("it answers %(status)s", status=error.code)
            else:
                finding = not_known("it answers %(status)s", status=error.code)
            if error.code not in _ASK_AGAIN:
                return finding
        except TimeoutError:
            return not_known("no answer in %(seconds)s seconds", seconds=patience)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                return not_known("no answer in %(seconds)s seconds", seconds=patience)
            return failed("no answer: %(reason)s", reason=reason)
    return finding


def _host(url: str) -> str:
    """The host of an http address, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme.lower() in {"http", "https"} else ""
