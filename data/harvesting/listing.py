"""One list of a repository, page by page, which ends whatever the repository does."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

from data.errors import GatewaysError
from data.formats.fields import shown
from data.harvesting.oai import Client, ListPage, OaiError
from data.harvesting.progress import Cursor

FULL_PAGES: Final = 100
"""How many pages of the greatest length a list may be long in all."""

EMPTY_PAGES: Final = 100
"""How many pages without a record may come one after the other."""

BEGINNINGS: Final = 3
"""How often a list is begun anew because its token does not hold any more."""


@dataclass(slots=True)
class Listing:
    """Reads a list from where the cursor is. The page that it yields is before `cursor`."""

    client: Client
    cursor: Cursor
    set_: str | None
    max_pages: int
    _seen: set[bytes] = field(default_factory=set)
    _empty: int = 0
    _begun: int = 0

    def pages(self) -> Iterator[ListPage]:
        """Yield page after page. Raises GatewaysError when the list cannot be what it should."""
        if self.cursor.token is not None:
            self._once(self.cursor.token, "the same token")
        while True:
            page = self._next()
            self._check(page)
            self._advance(page)
            yield page
            if page.token is None:
                return

    def _next(self) -> ListPage:
        if self.cursor.token is not None:
            try:
                return self.client.following(self.cursor.token)
            except OaiError as error:
                if error.code != "badResumptionToken" or self._begun == BEGINNINGS:
                    raise
            self._begin_again()
        return self.client.first(self.cursor.prefix, self.set_, self.cursor.since)

    def _begin_again(self) -> None:
        """Begin anew, since a token may be good for a short time only."""
        self._begun += 1
        self._seen.clear()
        self.cursor = replace(self.cursor, token=None, pages=0, volume=0)

    def _advance(self, page: ListPage) -> None:
        began = self.cursor.began
        if self.cursor.token is None and page.time is not None:
            began = min(began, page.time)
        self.cursor = replace(
            self.cursor,
            token=page.token,
            began=began,
            pages=self.cursor.pages + 1,
            volume=self.cursor.volume + page.size,
        )

    def _check(self, page: ListPage) -> None:
        if page.token is not None:
            self._once(page.token, "the same token")
        if page.items:
            named = "\n".join(f"{item.identifier} {item.datestamp}" for item in page.items)
            self._once(named, "the same page")
        self._empty = 0 if page.items else self._empty + 1
        if page.token is not None and self._empty >= EMPTY_PAGES:
            raise self._endless(f"{self._empty:,} pages without a record, one after the other")
        if self.cursor.pages >= self.max_pages:
            raise self._endless(
                f"more than {self.max_pages:,} pages; if that is right, raise "
                "GATEWAYS_HARVEST_MAX_PAGES"
            )
        most = FULL_PAGES * self.client.fetcher.max_body
        if self.cursor.volume + page.size > most:
            raise self._endless(
                f"more than {most:,} bytes; if that is right, raise GATEWAYS_HARVEST_MAX_BODY"
            )

    def _once(self, said: str, what: str) -> None:
        mark = sha256(f"{what}\n{said}".encode("utf-8", "replace")).digest()
        if mark in self._seen:
            raise self._endless(f"{what} came twice")
        self._seen.add(mark)

    def _endless(self, why: str) -> GatewaysError:
        return GatewaysError(f"{shown(self.client.url)}: its list does not end as it should: {why}")
