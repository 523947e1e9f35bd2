"""Which of the frameworks that an index or a model was made of have a newer edition by now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.records import Framework
from models.bundles.bundle import Bundle

Newer = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewerEdition:
    """`newer` is a newer edition of `framework`; both are ids."""

    framework: str
    newer: str


def beyond(made_of: Collection[str], newer: Newer) -> list[NewerEdition]:
    """Newer editions of frameworks that something was made of, which it was not made of."""
    return [
        NewerEdition(framework=framework, newer=edition)
        for framework in sorted(made_of)
        for edition in newer.get(framework, ())
        if edition not in made_of
    ]


def learned_from(bundle: Bundle, frameworks: Iterable[Framework]) -> set[str]:
    """The frameworks that a model learned from: as it says, else those of the dataset it names."""
    if bundle.frameworks:
        return set(bundle.frameworks)
    return {found.id for found in frameworks if found.dataset == bundle.trained_on}
