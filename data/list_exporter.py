"""The catalogue → what a teacher's list says of each of its resources."""

from collections.abc import Iterable
from urllib.parse import quote

from data.catalogue import Catalogue
from data.formats.lists.lines import Line, Listed
from data.records import Outcome, Relation, Resource, ResourceList


def listed(catalogue: Catalogue, kept: ResourceList, base: str) -> Listed:
    """A list with its lines; `base` is where we are, with a slash at its end.

    A resource without an address of the web has that of its page here.
    """
    resources = catalogue.resources.many((item.resource for item in kept.items), live=True)
    outcomes = _outcomes(catalogue, resources)
    lines = [
        Line(
            position=place,
            id=item.resource,
            resource=(found := resources.get(item.resource)),
            address=_address(found, base) if found else "",
            outcomes=outcomes.get(item.resource, ()),
            note=item.note,
        )
        for place, item in enumerate(kept.items, start=1)
    ]
    return Listed(list=kept, address=f"{base}lists/{quote(kept.id)}", lines=lines)


def _address(resource: Resource, base: str) -> str:
    url = (resource.url or "").strip()
    if url.lower().startswith(("https://", "http://")):
        return url
    return f"{base}resources/{quote(resource.id)}"


def _outcomes(catalogue: Catalogue, resources: Iterable[str]) -> dict[str, tuple[Outcome, ...]]:
    """Resource → what it teaches or assesses, in the order of the curricula."""
    stated = [
        one
        for one in catalogue.alignments.of_resources(resources)
        if one.relation is not Relation.REQUIRES
    ]
    there = catalogue.outcomes.many({one.outcome for one in stated})
    found: dict[str, dict[str, Outcome]] = {}
    for one in stated:
        found.setdefault(one.resource, {})[one.outcome] = there[one.outcome]
    return {name: tuple(sorted(some.values(), key=_place)) for name, some in found.items()}


def _place(outcome: Outcome) -> tuple[str, int, str]:
    return (outcome.framework, outcome.position, outcome.id)
