"""Whether addresses answer: asked one after the other of each host, of several hosts at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlsplit

from data.errors import GatewaysError
from data.harvesting.addresses import ForbiddenError
from data.harvesting.fetching import Fetcher
from data.harvesting.network import SlowError
from evaluation.conformance.findings import Finding, failed, not_known, passed

PATIENCE: Final = 10.0  # seconds
HOSTS_AT_ONCE: Final = 8
_GONE: Final = frozenset({404, 410})
_FAULT: Final = 400  # from this status on


def ask_links(urls: Collection[str], fetcher: Fetcher | None = None) -> Mapping[str, Finding]:
    """Address → whether it answers; what is refused without saying that it is gone is not known."""
    asking = fetcher or Fetcher(timeout=PATIENCE)
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in sorted(urls):
        by_host[_host(url)].append(url)

    def ask_host(host: str) -> dict[str, Finding]:
        if not host:
            return dict.fromkeys(by_host[host], _elsewhere())
        return {url: _asked(asking, url) for url in by_host[host]}

    found: dict[str, Finding] = {}
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        for answers in pool.map(ask_host, by_host):
            found |= answers
    return found


def _asked(fetcher: Fetcher, url: str) -> Finding:
    try:
        status = fetcher.status(url)
    except ForbiddenError:
        return _elsewhere()
    except SlowError:
        return not_known("no answer in %(seconds)s seconds", seconds=fetcher.timeout)
    except GatewaysError as error:
        return failed("no answer: %(reason)s", reason=error)
    if status < _FAULT:
        return passed()
    if status in _GONE:
        return failed("it answers %(status)s", status=status)
    return not_known("it answers %(status)s", status=status)


def _elsewhere() -> Finding:
    return not_known("not an address on the open network")


def _host(url: str) -> str:
    """The host of an http address, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme.lower() in {"http", "https"} else ""
