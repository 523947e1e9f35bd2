import pytest

from data.catalogue import Catalogue
from data.settings import load_settings
from models.snapshots.manifest import published
from service.benchmarks.workspace import make_workspace


@pytest.fixture
def made(tmp_path, monkeypatch, bundle_of):
    """Make a workspace of ten resources; the index that is to be served."""
    monkeypatch.setattr("service.benchmarks.made_up.MadeUp.__init__.__defaults__", (50,))

    def make(seed=1, **told):
        bundle = bundle_of(f"made-up-{seed}", seed)
        settings = load_settings(home=tmp_path, encoder=str(bundle), backend="torch", **told)
        make_workspace(settings, 10)
        with Catalogue.open(settings.catalogue_url) as catalogue:
            index = catalogue.servers.wanted().index
        assert published(settings.home / "snapshots")[0].name == index
        return index

    return make


def test_a_home_is_kept_while_size_encoder_and_kind_are_the_same(made):
    first = made()
    assert made() == first
    graph = made(index="hnsw")
    assert graph != first
    assert made(index="hnsw") == graph
    other = made(seed=2, index="hnsw")
    assert other not in (first, graph)
