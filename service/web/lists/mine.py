"""The lists of whoever reads a page, by the name that they work under."""

from dataclasses import dataclass

from fastapi import Request

from data.catalogue import Catalogue
from data.records import ResourceList
from service.web.preferences import NOBODY, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A reader's name, "" if they gave none, and their lists, the latest changed first."""

    name: str
    lists: tuple[ResourceList, ...]

    def holding(self, resource_id: str) -> tuple[ResourceList, ...]:
        """Those that a resource is on."""
        return tuple(
            one for one in self.lists if any(item.resource == resource_id for item in one.items)
        )


def mine(request: Request, catalogue: Catalogue) -> Mine:
    """The reader's lists. Whoever gave no name has none: nobody could tell whose they are."""
    name = name_of(request)
    if name == NOBODY:
        return Mine(name="", lists=())
    return Mine(name=name, lists=tuple(catalogue.lists.of(name)))
