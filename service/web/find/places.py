"""Which frameworks there are, and the countries that they are of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data.catalogue import Catalogue
from data.records import Dataset, Framework


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A framework with what its dataset says of it; "" where that says nothing."""

    framework: Framework
    country: str
    description: str


def places(catalogue: Catalogue) -> list[Place]:
    """Every framework, by country and title."""
    sources = {source.name: dict(_described(source)) for source in catalogue.datasets.all()}
    found = [
        _place(framework, sources.get(framework.dataset, {}).get(framework.id, {}))
        for framework in catalogue.frameworks.all()
    ]
    return sorted(
        found, key=lambda place: (not place.country, place.country, place.framework.title)
    )


def _described(source: Dataset) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What a dataset says of its frameworks, as far as it has the form that we know."""
    described = source.extra.get("frameworks")
    for entry in described if isinstance(described, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield entry["id"], entry


def _place(framework: Framework, said: Mapping[str, Any]) -> Place:
    country, description = (
        value if isinstance(value := said.get(name), str) else ""
        for name in ("country", "description")
    )
    return Place(framework=framework, country=country, description=description)
