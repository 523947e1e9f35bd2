"""The nearest that pass, over a real graph that overlooks some of what is near."""

import json

import numpy as np
import pytest

from data.catalogue import Catalogue
from data.formats.protocol import ReadOptions
from data.formats.registry import open_document
from data.importing.importer import import_document
from data.settings import load_settings
from models.index import make_index
from service.asking.searching import nearest

COUNT, DIMENSION = 1200, 48
NAMES = [f"r{number}" for number in range(COUNT)]


@pytest.fixture
def catalogue(tmp_path, dataset_folder):
    rows = [{"id": name, "title": name} for name in NAMES]
    folder = dataset_folder(resources="".join(json.dumps(row) + "\n" for row in rows))
    with Catalogue.open(load_settings(home=tmp_path / "home").catalogue_url) as opened:
        import_document(opened, open_document(folder, ReadOptions()))
        yield opened


@pytest.fixture
def vectors():
    found = np.random.default_rng(0).standard_normal((COUNT, DIMENSION)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def careless(vectors, monkeypatch):
    """A graph that overlooks more the fewer are asked for, as one of millions does."""
    for effort in ("EFFORT", "EFFORT_WHEN_BUILT", "LINKS"):
        monkeypatch.setattr(f"models.index.graph.{effort}", 4)
    return make_index(NAMES, vectors, "hnsw")


def test_those_that_pass_come_once_each_and_none_is_lost(catalogue, careless, vectors):
    few, more = (careless.search(vectors[:10], k)[0] for k in (20, 80))
    assert not np.array_equal(few, more[:, :20])  # it depends on how many are asked for

    wanted = set(NAMES[::4])
    for query in vectors[:10]:
        found = nearest(catalogue, careless, query, lambda one: one.id in wanted, 20)
        assert len({resource.id for resource, _ in found}) == len(found) == 20
        cosines = [cosine for _, cosine in found]
        assert cosines == sorted(cosines, reverse=True)
    found = nearest(catalogue, careless, vectors[0], lambda one: one.id in wanted, len(wanted))
    assert sorted(resource.id for resource, _ in found) == sorted(wanted)


def test_where_fewer_pass_than_are_wanted_all_of_them_come(catalogue, careless, vectors):
    few = {"r1", "r500", "r1100"}
    careless.remove(["r500", "r2"])
    found = nearest(catalogue, careless, vectors[0], lambda one: one.id in few, 20)
    assert {resource.id for resource, _ in found} == {"r1", "r1100"}


def test_an_index_of_nothing_finds_nothing(catalogue, vectors):
    index = make_index([], np.empty((0, DIMENSION), dtype=np.float32), "flat")
    assert nearest(catalogue, index, vectors[0], lambda _: True, 20) == []
