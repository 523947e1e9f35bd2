"""Which platform a dataset is of; one that is of none stands for itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from data.catalogue import Catalogue

ADDED_HERE: Final = "added-here"
"""The platform of what no dataset brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A platform of the report: who it is, and what is of it."""

    id: str
    name: str
    datasets: tuple[str, ...]


class Naming:
    """Tells the platform of each dataset."""

    def __init__(
        self, datasets: Sequence[str], of: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        self._of = {name: of.get(name, name or ADDED_HERE) for name in datasets}
        self._names = names

    @classmethod
    def read(cls, catalogue: Catalogue) -> "Naming":
        """The platforms as they are registered."""
        return cls(
            [one.name for one in catalogue.datasets.all()],
            catalogue.platforms.of_datasets(),
            {one.id: one.name for one in catalogue.platforms.all()},
        )

    def platform(self, dataset: str) -> str:
        """The id of a dataset's platform."""
        return self._of.get(dataset, dataset or ADDED_HERE)

    def named(self, ids: Sequence[str]) -> tuple[Named, ...]:
        """The platforms that are registered or have one of these ids, by id."""
        return tuple(
            Named(
                id=id_,
                name=self._names.get(id_, id_),
                datasets=tuple(sorted(name for name, of in self._of.items() if of == id_)),
            )
            for id_ in sorted({*ids, *self._names})
        )
