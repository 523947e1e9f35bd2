"""A source that speaks OAI-PMH → its dataset, page by page."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from data.catalogue.rows import Entry
from data.formats.fields import ID_LIMIT
from data.harvesting.listing import Listing
from data.harvesting.oai import Client, Item, Repository
from data.harvesting.page import PageDocument
from data.harvesting.progress import Cursor
from data.harvesting.run import Run
from data.importing.importer import import_document
from data.records import Dataset, Resource

A_DAY: Final = 24 * 3600.0
A_MINUTE: Final = 60.0


@dataclass(slots=True)
class OaiRun(Run):
    """Harvests the records of a repository, of which each is a resource."""

    def pages(self, *, full: bool) -> Iterator[int]:
        """Take in page by page and yield how many records each had."""
        client = Client(self.by.fetcher, self.source.url)
        repository = client.identify()
        options = self.source.options
        cursor = self._cursor(client, repository, full=full)
        self.is_full = cursor.full
        dataset = Dataset(
            name=self.source.name,
            license=options.get("license"),
            attribution=_storable(repository.name),
            source=self.source.url,
        )
        listing = Listing(client, cursor, options.get("set"), self.by.max_pages)
        for page in listing.pages():
            self.pages_read += 1
            self._take(dataset, page.items)
            if page.token is None:
                self._finish(listing.cursor)
            else:
                self.keep(replace(self.state, cursor=listing.cursor))
                self.check_time()
            yield len(page.items)

    def _cursor(self, client: Client, repository: Repository, *, full: bool) -> Cursor:
        """Where to go on, or a new list."""
        left = self.state.cursor
        if left is not None and not full:
            return left
        complete = None if full else self.state.complete
        since = None
        if complete is not None:
            # A record may be kept a little after the time that it is stamped with.
            overlap = A_MINUTE if repository.by_seconds else A_DAY
            since = repository.date(max(0.0, complete - overlap))
        prefix = self.source.options.get("prefix") or client.best_prefix()
        cursor = Cursor(prefix=prefix, since=since, began=time.time())
        self.keep(replace(self.state, cursor=cursor, counts={}))
        if cursor.full:
            # Only now: a list that was begun, gone on with without them, would retire too much.
            self.by.catalogue.sources.forget_sightings(self.source.name)
        return cursor

    def _take(self, dataset: Dataset, items: Iterable[Item]) -> None:
        own = self.by.own
        last = {
            item.identifier: item
            for item in items
            if own is None or not item.identifier.startswith(own)
        }
        document = PageDocument(
            dataset, last.values(), self.source.options, self.by.max_text, self.pages_read
        )
        report = import_document(
            self.by.catalogue,
            document,
            part=True,
            platform=self.platform_for(dataset.name),
            on_refusal=self.note_refusal,
        )
        found = report.counts["resources"]
        fates = ("new", "changed", "unchanged", "refused")
        self.count({fate: getattr(found, fate) for fate in fates})
        self._retire([item.identifier for item in last.values() if item.deleted])
        if self.is_full:
            live = (item.identifier for item in last.values() if not item.deleted)
            self.by.catalogue.sources.sight(self.source.name, filter(_storable, live))

    def _retire(self, ids: Iterable[str]) -> None:
        """Retire those of these resources that are the source's own and are not retired."""
        asked = [Entry((id_,), "", {}) for id_ in ids if _storable(id_)]
        if not asked:
            return
        with self.by.catalogue.intake(self.source.name) as intake, intake.batch() as batch:
            kept = batch.kept(Resource, asked)
            gone = [
                key
                for key, one in kept.items()
                if one.dataset == self.source.name and not one.retired
            ]
            if gone:
                batch.retire(Resource, gone, time.time())
        self.count({"retired": len(gone)})

    def _finish(self, cursor: Cursor) -> None:
        """See what the list did not name, if it was to name all, and begin anew next time."""
        if cursor.full:
            gone = self.by.catalogue.sources.unsighted(self.source.name)
            if gone and not self._anything_named():
                self.warnings.append(
                    f"the list has no record, but {len(gone):,} are kept: none is taken for removed"
                )
            else:
                for start in range(0, len(gone), 1000):
                    self._retire(gone[start : start + 1000])
        now = time.time()
        self.keep(replace(self.state, cursor=None, complete=cursor.began, finished=now))
        if cursor.full:
            # Only now: killed in between, the end of the list would count as the whole of it.
            self.by.catalogue.sources.forget_sightings(self.source.name)

    def _anything_named(self) -> bool:
        return any(self.state.counts.get(fate) for fate in ("new", "changed", "unchanged"))


def _storable(text: str) -> str | None:
    """The text if a key of any database can hold it."""
    return text if 0 < len(text) <= ID_LIMIT and "\x00" not in text else None
