"""1EdTech CASE as a harvester speaks it: which documents a server lists, and where each lies."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

from data.errors import GatewaysError
from data.formats.case.parts import DOCUMENT
from data.formats.case.tidying import text_of
from data.formats.fields import RowError, identifier, shown
from data.formats.lines import decode_json, json_fault
from data.formats.protocol import Refusal
from data.harvesting.fetching import Answer, Fetcher
from data.harvesting.listing import FULL_PAGES

DOCUMENTS: Final = f"{DOCUMENT}s"
PER_PAGE: Final = 100
_NEXT: Final = re.compile(
    r""";\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|'?next\b)""", re.IGNORECASE
)
MOST_DOCUMENTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Listed:
    """What a server lists: the identifiers of documents, and when each is said to have changed.

    Only where the list is `complete` a document that is not in it is gone.
    """

    changed: Mapping[str, str]
    refusals: tuple[Refusal, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class CaseServer:
    """Asks the server at an address, which ends as `/ims/case/v1p0`."""

    fetcher: Fetcher
    url: str

    def package_url(self, document: str) -> str:
        """Where the package of a document lies."""
        return f"{self.url.rstrip('/')}/CFPackages/{quote(document, safe='')}"

    def documents(self) -> Listed:
        """Read the list page by page. Raises GatewaysError when it is none, or does not end."""
        listing = _Listing(self)
        while not listing.ended:
            listing.take(self._page(listing.read))
        return Listed(listing.changed, tuple(listing.refusals), listing.complete)

    def _page(self, offset: int) -> "_Page":
        asked = urlencode({"limit": PER_PAGE, "offset": offset})
        answer = self.fetcher.get(f"{self.url.rstrip('/')}/{DOCUMENTS}?{asked}")
        try:
            said = decode_json(answer.body.decode())
        except (ValueError, RecursionError) as error:
            raise _not_case(answer, json_fault(error)) from None
        listed = said.get(DOCUMENTS) if isinstance(said, dict) else None
        if not isinstance(listed, list):
            raise _not_case(answer, f"it has no list of {DOCUMENTS}")
        return _Page(listed, answer, offset)


@dataclass(frozen=True, slots=True)
class _Page:
    listed: list[Any]
    answer: Answer
    offset: int

    @property
    def end(self) -> int:
        return self.offset + len(self.listed)

    @property
    def total(self) -> int | None:
        """How many documents there are, where the server says so."""
        said = self.answer.headers.get("x-total-count", "").strip()
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None

    @property
    def is_last(self) -> bool:
        if self.total is not None:
            return self.end >= self.total or not self.listed
        if links := self.answer.headers.get("link"):
            return not _NEXT.search(links)
        return not self.listed  # it may give fewer at a time than it was asked for

    def documents(self) -> Iterator[tuple[str, str] | Refusal]:
        """The identifier of each document, and when it changed."""
        for place, one in enumerate(self.listed, self.offset + 1):
            document = one if isinstance(one, dict) else {}
            raw = {"identifier": text_of(document.get("identifier")).strip()}
            try:
                yield identifier(raw, "identifier"), text_of(document.get("lastChangeDateTime"))
            except RowError as error:
                yield Refusal(DOCUMENTS, place, str(error))


@dataclass(slots=True)
class _Listing:
    """What was read of a list so far. It ends whatever the server does."""

    server: CaseServer
    changed: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    read: int = 0
    size: int = 0
    ended: bool = False
    complete: bool = False

    def take(self, page: _Page) -> None:
        found = list(page.documents())
        named = dict(one for one in found if not isinstance(one, Refusal))
        self.refusals += (one for one in found if isinstance(one, Refusal))
        # A server that does not heed `offset` gives the same page for ever.
        repeats = bool(found) and named.keys() <= self.changed.keys()
        self.changed = named | self.changed
        self.read, self.size = page.end, self.size + len(page.answer.body)
        self.ended = page.is_last or repeats
        known = len(self.changed) + len(self.refusals)
        self.complete = page.is_last and not repeats and known >= (page.total or 0)
        self._check()

    def _check(self) -> None:
        most = FULL_PAGES * self.server.fetcher.max_body
        if self.size > most:
            raise GatewaysError(
                f"{shown(self.server.url)}: its list of documents has more than {most:,} bytes"
            )
        if self.read > MOST_DOCUMENTS:
            raise GatewaysError(
                f"{shown(self.server.url)}: it lists more than {MOST_DOCUMENTS:,} documents"
            )


def _not_case(answer: Answer, why: str) -> GatewaysError:
    kind = f" ({shown(answer.content_type)})" if answer.content_type else ""
    return GatewaysError(
        f"{shown(answer.url)}: the answer{kind} cannot be read as CASE: {why}; give the address up "
        "to …/ims/case/v1p0"
    )
