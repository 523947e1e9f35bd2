import numpy as np
import pytest

from evaluation.index.vectors import Topics
from models.index import FlatIndex, brought_up_to, kind_for, kind_in, load_index, make_index
from models.index_kind import FLAT_UP_TO, GRAPH_UP_TO

IN_DIGITS = "ivfpq in digits"
KINDS = ["hnsw", "ivfpq", IN_DIGITS]


@pytest.fixture
def kind(request, monkeypatch):
    """A kind, or lists whose vectors are kept as those of many rows are."""
    if request.param == IN_DIGITS:
        monkeypatch.setattr("models.index.quantised.HALF_UP_TO", 0)
        return "ivfpq"
    return request.param


@pytest.fixture(scope="module")
def vectors():
    return np.concatenate(list(Topics(dimension=32).draw(1200)))


def names(count):
    return [f"v{number}" for number in range(count)]


def saved(index, path):
    return load_index(path, index.save(path))


def first(index, vectors):
    return [index.ids[row] for row in index.search(vectors, 1)[0][:, 0]]


def test_the_number_of_rows_chooses_unless_a_kind_is_wanted():
    counts = (0, FLAT_UP_TO, FLAT_UP_TO + 1, GRAPH_UP_TO, GRAPH_UP_TO + 1)
    assert [kind_for(count) for count in counts] == ["flat", "flat", "hnsw", "hnsw", "ivfpq"]
    assert kind_for(10**9, "flat") == "flat"
    assert kind_for(1, "ivfpq") == "ivfpq"
    assert kind_for(0, "ivfpq") == "flat"


@pytest.mark.parametrize("kind", ["flat", *KINDS], indirect=True)
def test_a_file_tells_which_kind_it_is_of(kind, vectors, tmp_path):
    make_index(names(100), vectors[:100], kind).save(tmp_path / "index")
    assert kind_in(tmp_path / "index") == kind


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_nothing_is_searched_one_by_one_whatever_is_wanted(kind):
    assert isinstance(make_index([], np.empty((0, 8), np.float32), kind), FlatIndex)


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_nearly_all_nearest_rows_are_found(kind, vectors):
    index = make_index(names(1000), vectors[:1000], kind)
    rows, _ = index.search(vectors[1000:], 10)
    exact, _ = make_index(names(1000), vectors[:1000], "flat").search(vectors[1000:], 10)
    right = [len(set(mine) & set(best)) for mine, best in zip(rows, exact, strict=True)]
    assert np.mean(right) > 9.8


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_rows_that_a_filter_leaves_far_away_are_found_all_the_same(kind, vectors, monkeypatch):
    index = make_index(names(1000), vectors[:1000], kind)
    monkeypatch.setattr(index.sealed, "few", 0)
    query = vectors[:1]
    farthest = np.argsort(vectors[:1000] @ query[0])[:20]
    allowed = np.zeros(1000, dtype=bool)
    allowed[farthest] = True
    rows, _ = index.search(query, 10, allowed)
    assert rows[0].tolist() == farthest[:9:-1].tolist()


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_an_index_is_brought_up_to_date_without_being_made_anew(kind, vectors, tmp_path):
    before = saved(make_index(names(1000), vectors[:1000], kind), tmp_path / "before.faiss")
    sealed = before.sealed
    ids, wanted = names(1100)[50:], vectors[:1100][50:].copy()
    wanted[:20] = vectors[1100:1120]  # some have another vector now
    now = brought_up_to(before, ids, wanted, kind)
    again = saved(now, tmp_path / "now.faiss")
    assert now.sealed is sealed
    assert again.sealed.count == 1000 + 100 + 20
    for index in (now, again):
        assert len(index) == len(ids)
        assert first(index, wanted) == ids
        assert (index.rows(["v0", "v49"]) == -1).all()


@pytest.mark.parametrize("kind", KINDS, indirect=True)
def test_an_index_most_of_which_is_gone_or_that_has_outgrown_its_lists_is_made_anew(kind, vectors):
    before = make_index(names(200), vectors[:200], kind)
    assert brought_up_to(before, names(100), vectors[:100], kind) is not before
    grown = brought_up_to(make_index(names(200), vectors[:200], kind), *many(vectors), kind)
    assert (grown.sealed.count == 1200) == (kind == "ivfpq")


def test_vectors_in_half_precision_are_put_into_digits_once_they_are_many(
    vectors, monkeypatch, tmp_path
):
    before = saved(make_index(names(1000), vectors[:1000], "ivfpq"), tmp_path / "before.faiss")
    monkeypatch.setattr("models.index.quantised.HALF_UP_TO", 1000)
    assert brought_up_to(before, names(1000), vectors[:1000], "ivfpq") is before
    now = brought_up_to(before, *many(vectors), "ivfpq")
    assert now.sealed.loss > before.sealed.loss
    assert first(now, vectors) == names(1200)


def test_an_index_that_keeps_most_rows_badly_is_made_anew(vectors, monkeypatch, tmp_path):
    monkeypatch.setattr("models.index.quantised.HALF_UP_TO", 0)
    narrow = vectors.copy()
    narrow[:, 16:] = 0
    before = make_index(names(600), narrow[:600], "ivfpq")
    mixed = np.concatenate([narrow[:600], vectors[600:]])
    beside = brought_up_to(before, *many(mixed), "ivfpq")
    assert beside is before
    sealed = saved(beside, tmp_path / "beside.faiss")
    again = brought_up_to(sealed, *many(mixed), "ivfpq")
    assert again is not sealed
    assert np.linalg.norm(again.vectors(again.rows(names(1200))) - mixed, axis=1).max() < 0.05


def many(vectors):
    return names(1200), vectors


def test_another_kind_or_dimension_is_not_brought_up_to_date(vectors):
    before = make_index(names(200), vectors[:200], "hnsw")
    assert type(brought_up_to(before, names(200), vectors[:200], "ivfpq").sealed) is not type(
        before.sealed
    )
    narrow = np.ascontiguousarray(vectors[:200, :8])
    assert brought_up_to(before, names(200), narrow, "hnsw").dimension == 8
    assert isinstance(brought_up_to(before, names(200), vectors[:200]), FlatIndex)


def test_as_many_ids_as_vectors_are_asked_for(vectors):
    with pytest.raises(ValueError, match="2 ids"):
        make_index(names(2), vectors[:3], "hnsw")
