"""Resources that crosswalks lead to an outcome, for a reader."""

from data.catalogue import Catalogue
from data.records import Resource
from models.crosswalk.carrying import brought_to
from models.languages import primary
from models.suggestion import Carried


def brought(
    catalogue: Catalogue, outcome: str, language: str | None = None
) -> list[tuple[Resource, Carried]]:
    """Each with how it comes: those in the reader's language first, then the surest first."""
    found = brought_to(catalogue, outcome)
    resources = catalogue.resources.many(found)
    pairs = [(resources[name], carried) for name, carried in found.items()]
    return sorted(pairs, key=lambda pair: is_foreign(pair[0], language))


def is_foreign(resource: Resource, language: str | None) -> bool:
    """Whether a resource is in another language than the reader's, so far as that is known."""
    own = primary(resource.language or "")
    return language is not None and own != "" and own != primary(language)
