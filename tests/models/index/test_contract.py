from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.index import Milvus, load_index, make_index

DIMENSION = 8
# What half precision leaves of a score.
NEAR = 1e-3


@dataclass(frozen=True)
class Kind:
    name: str
    milvus: Milvus

    def make(self, ids, vectors):
        """One as it is searched: what is to be in Milvus gets there when it is saved."""
        index = make_index(ids, vectors, self.name, self.milvus)
        if self.name != "milvus":
            return index
        with TemporaryDirectory() as folder:
            return self.load(Path(folder) / "index", index.save(Path(folder) / "index"))

    def load(self, path, ids):
        return load_index(path, ids, self.milvus)


@pytest.fixture(scope="module", params=["flat", "hnsw", "ivfpq", "milvus"])
def kind(request, milvus):
    return Kind(request.param, milvus)


def unit(generator, count, dimension=DIMENSION):
    vectors = generator.standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def names(count, prefix="v"):
    return [f"{prefix}{number}" for number in range(count)]


def made(kind, ids, vectors):
    """An index half of whose rows came when it was made, and half later."""
    half = (len(ids) + 1) // 2
    index = kind.make(ids[:half], vectors[:half])
    index.add(ids[half:], vectors[half:])
    return index


def found(index, vectors, k, allowed=None):
    rows, _ = index.search(vectors, k, allowed)
    return [[index.ids[row] for row in line if row >= 0] for line in rows]


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 60), k=st.integers(1, 80), seed=st.integers(0, 2**31), data=st.data())
def test_neighbours_are_those_that_numpy_finds(kind, count, k, seed, data):
    generator = np.random.default_rng(seed)
    vectors, queries = unit(generator, count), unit(generator, 3)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    rows, scores = made(kind, names(count), vectors).search(queries, k, allowed)
    products = np.where(allowed, queries @ vectors.T, -np.inf)
    expected = -np.sort(-products, axis=1)[:, : min(k, allowed.sum())]
    there = rows >= 0
    assert there.sum(axis=1).tolist() == [expected.shape[1]] * 3
    assert np.allclose(scores[there].reshape(expected.shape), expected, atol=NEAR)
    assert allowed[rows[there]].all()
    for query, line in zip(queries, rows, strict=True):
        own = vectors[line[line >= 0]] @ query
        assert len(set(line[line >= 0])) == len(own)
        assert np.allclose(own, -np.sort(-own), atol=NEAR)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.booleans(), st.lists(st.integers(0, 9), min_size=1, max_size=6)), max_size=6
    ),
    seed=st.integers(0, 2**31),
)
def test_of_whatever_comes_and_goes_the_last_vectors_are_found_before_and_after_saving(
    kind, changes, seed
):
    generator = np.random.default_rng(seed)
    there = dict(zip(names(5), unit(generator, 5), strict=True))
    index = kind.make(list(there), np.stack(list(there.values())))
    for comes, numbers in changes:
        ids, vectors = [f"v{number}" for number in numbers], unit(generator, len(numbers))
        if comes:
            index.add(ids, vectors)
            there |= dict(zip(ids, vectors, strict=True))
        else:
            index.remove(ids)
            there = {name: vector for name, vector in there.items() if name not in ids}
    with TemporaryDirectory() as folder:
        saved = kind.load(Path(folder) / "index", index.save(Path(folder) / "index"))
        for each in (index, saved):
            assert len(each) == len(there)
            assert (each.rows(list(there)) >= 0).all()
            for name, vector in there.items():
                assert found(each, vector[None], 1) == [[name]]
                assert np.allclose(each.vectors(each.rows([name])), vector, atol=NEAR)


def test_a_filter_still_brings_k_rows_when_all_the_nearest_are_forbidden(kind):
    generator = np.random.default_rng(1)
    vectors = unit(generator, 2000)
    query = unit(generator, 1)
    allowed = np.ones(2000, dtype=bool)
    nearest = np.argsort(-(vectors @ query[0]))
    allowed[nearest[:1900]] = False
    rows, _ = made(kind, names(2000), vectors).search(query, 50, allowed)
    assert rows[0].tolist() == nearest[1900:1950].tolist()


def test_an_empty_index_finds_nothing(kind):
    index = made(kind, [], np.empty((0, DIMENSION), dtype=np.float32))
    rows, _ = index.search(np.ones((2, DIMENSION), dtype=np.float32), 3)
    assert rows.tolist() == [[-1] * 3] * 2
    assert (len(index), index.dimension) == (0, DIMENSION)


def test_an_added_vector_is_found_and_the_old_one_of_its_id_is_not(kind):
    generator = np.random.default_rng(2)
    vectors = unit(generator, 3)
    index = made(kind, ["a", "b"], vectors[:2])
    index.add(["a", "c"], np.stack([vectors[2], vectors[0]]))
    assert len(index) == 3
    assert found(index, vectors[:1], 1) == [["c"]]
    assert found(index, vectors[2:], 1) == [["a"]]
    assert sorted(found(index, vectors[:1], 9)[0]) == ["a", "b", "c"]


def test_an_id_that_comes_twice_at_once_is_found_once_by_its_last_vector(kind):
    vectors = np.eye(2, DIMENSION, dtype=np.float32)
    index = made(kind, ["a", "a"], vectors)
    rows, scores = index.search(vectors[1:], 2)
    assert rows.tolist() == [[1, -1]]
    assert scores[0, 0] == pytest.approx(1, abs=NEAR)
    index.remove(["a"])
    assert found(index, vectors, 2) == [[], []]


def test_a_removed_id_is_not_found_and_unknown_ids_do_not_matter(kind):
    vectors = unit(np.random.default_rng(3), 3)
    index = made(kind, names(3), vectors)
    index.remove(["v1", "never there"])
    assert sorted(found(index, vectors[1:2], 3)[0]) == ["v0", "v2"]
    index.remove(["v1"])
    assert len(index) == 2


def test_stored_vectors_come_back_in_the_order_asked_for(kind):
    vectors = unit(np.random.default_rng(4), 5)
    index = made(kind, names(5), vectors)
    assert np.allclose(index.vectors(np.array([4, 0, 4])), vectors[[4, 0, 4]], atol=NEAR)
    assert index.vectors(np.array([], dtype=np.int64)).shape == (0, DIMENSION)


def test_vectors_that_do_not_fit_are_refused_and_change_nothing(kind):
    index = made(kind, ["a"], np.ones((1, DIMENSION), dtype=np.float32))
    with pytest.raises(ValueError, match="dimension 8"):
        index.add(["a"], np.ones((1, 3), dtype=np.float32))
    with pytest.raises(ValueError, match="2 ids"):
        index.add(["a", "b"], np.ones((1, DIMENSION), dtype=np.float32))
    assert found(index, np.ones((1, DIMENSION), dtype=np.float32), 2) == [["a"]]


@pytest.mark.parametrize("gone", [[], ["v0", "v3"], names(4)])
def test_what_is_saved_and_loaded_finds_the_same(kind, tmp_path, gone):
    vectors = unit(np.random.default_rng(5), 4)
    index = made(kind, names(4), vectors)
    index.remove(gone)
    ids = index.save(tmp_path / "index")
    loaded = kind.load(tmp_path / "index", ids)
    assert [name for name in ids if name] == [name for name in names(4) if name not in gone]
    assert len(loaded) == 4 - len(gone)
    assert found(loaded, vectors, 4) == found(index, vectors, 4)
    assert loaded.dimension == index.dimension


def test_a_mask_from_before_an_addition_lets_no_later_row_through(kind):
    vectors = unit(np.random.default_rng(6), 3)
    index = made(kind, ["a", "b"], vectors[:2])
    mask = np.array([False, True])
    index.add(["c"], vectors[2:])
    assert found(index, vectors[2:], 3, mask) == [["b"]]


def test_threads_may_add_and_search_at_the_same_time(kind):
    generator = np.random.default_rng(7)
    vectors = unit(generator, 400)
    index = made(kind, names(100), vectors[:100])

    def add(start):
        for row in range(start, start + 100, 10):
            index.add([f"v{number}" for number in range(row, row + 10)], vectors[row : row + 10])

    def search(row):
        rows, scores = index.search(vectors[row : row + 1], 20)
        return index.ids[rows[0, 0]], float(scores[0, 0])

    with ThreadPoolExecutor(8) as pool:
        adding = [pool.submit(add, start) for start in (100, 200, 300)]
        searching = [pool.submit(search, row) for row in range(100) for _ in range(5)]
        assert [each.result() for each in adding] == [None] * 3
        for place, each in enumerate(searching):
            name, score = each.result()
            assert name == f"v{place // 5}"
            assert score == pytest.approx(1, abs=NEAR)
    assert len(index) == 400
    assert [line[0] for line in found(index, vectors, 1)] == names(400)
