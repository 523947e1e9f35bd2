"""One page of a harvest as a document, so that it is taken in as any other is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from data.formats.fields import RowError, shown
from data.formats.protocol import R, Refusal, Row
from data.harvesting.described import resource_of
from data.harvesting.oai import Item
from data.records import Dataset, Record, Resource


@dataclass(frozen=True, slots=True)
class PageDocument:
    """The records of one page, of each identifier the last."""

    dataset: Dataset
    items: Iterable[Item]
    defaults: Mapping[str, str]
    max_text: int
    number: int

    @property
    def kinds(self) -> frozenset[type[Record]]:
        """Resources alone."""
        return frozenset({Resource})

    def read(self, kind: type[R]) -> Iterator[Row[R] | Refusal]:
        """Yield the records that were not deleted."""
        if kind is not Resource:
            return
        file = f"page {self.number}"
        for place, item in enumerate(self.items, 1):
            if item.deleted:
                continue
            try:
                made = resource_of(item.identifier, item.metadata, self.defaults, self.max_text)
            except RowError as error:
                yield Refusal(file, place, f"{shown(item.identifier)}: {error}")
            else:
                yield Row(made, file, place)  # type: ignore[arg-type]
