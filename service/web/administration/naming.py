"""What a dataset is called whose name says nothing to people."""

from collections import Counter

from data.catalogue import Catalogue
from data.records import Framework


def curricula_of_datasets(catalogue: Catalogue) -> dict[str, Framework]:
    """Dataset → its curriculum, where it has one alone, as one that came by CASE has."""
    there = catalogue.frameworks.all()
    count = Counter(framework.dataset for framework in there)
    return {one.dataset: one for one in there if count[one.dataset] == 1}
