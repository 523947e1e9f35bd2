import shutil
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.records import Outcome, Resource
from data.settings import load_settings
from data.splits import By
from models.snapshots.indexing import outcome_entries
from training.registry import promotion
from training.registry.store import Registry
from training.retraining.order import Order
from training.ways import Way

WORDS = {
    "maths": ["abacus", "decimal", "fraction", "graph"],
    "music": ["melody", "rhythm", "chord", "scale"],
}


@pytest.fixture(scope="session")
def entries():
    """Eight outcomes under two headings."""
    outcomes = []
    for subject, words in WORDS.items():
        heading = Outcome(id=subject, framework="f", title=subject, assignable=False)
        outcomes.append(heading)
        outcomes += [
            Outcome(id=word, framework="f", parent=subject, title=word, description=f"About {word}")
            for word in words
        ]
    return outcome_entries(outcomes)


@pytest.fixture(scope="session")
def lessons_of(entries):
    """Three lessons for each outcome, and what they teach."""
    resources, gold = [], {}
    for entry in entries:
        for number in range(3):
            name = f"{entry.outcome.id} {number}"
            resources.append(Resource(id=name, title=f"a {entry.outcome.id} b", text="c d e"))
            gold[name] = frozenset({entry.outcome.id})
    return resources, gold


METRICS = {"mean_f2": 0.7, "recall@10": 0.9, "language/hi/recall@10": 0.5, "subject/A & B/ece": 0.1}


@pytest.fixture(scope="session")
def register():
    """Register a bundle that nothing much is known of."""

    def registered(registry, bundle):
        return registry.register(
            bundle, dataset="abc", parameters={"epochs": 2}, metrics=METRICS, code="c0ffee"
        )

    return registered


@pytest.fixture(scope="session")
def two_registered(tmp_path_factory, bundle_of, register):
    """A folder in which two bundles were registered, which MLflow takes ten seconds over."""
    folder = tmp_path_factory.mktemp("registered") / "registry"
    for name, seed in (("first", 1), ("second", 2)):
        register(Registry(folder), bundle_of(name, seed))
    return folder


@pytest.fixture
def workspace(two_registered, labelled_folder, import_into, tmp_path):
    """A workspace with that in its catalogue; the champion is a bundle of the tiny encoder.

    The setting `encoder` names something else, which is not to be measured in its place.
    """
    settings = load_settings(home=tmp_path / "home")
    registry = Path(shutil.copytree(two_registered, settings.home / "registry"))
    promotion.promote(settings, Registry(registry).version("1"))
    import_into(settings, labelled_folder())
    return settings.model_copy(update={"encoder": "minilm"})


@pytest.fixture(scope="session")
def import_into():
    """Import a dataset folder into a workspace."""

    def imported(settings, folder):
        with Catalogue.open(settings.catalogue_url) as catalogue:
            import_document(catalogue, open_document(folder, ReadOptions()))

    return imported


@pytest.fixture
def order(telling_folder):
    """What to retrain: quick, unless it is said otherwise."""

    def of(**more):
        wanted = {"by": By.RESOURCE, "way": Way.LORA, "base": str(telling_folder), **more}
        return Order(**{"epochs": 0.5, **wanted})

    return of
