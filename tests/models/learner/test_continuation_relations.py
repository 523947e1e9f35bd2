import numpy as np
from scipy import sparse

from models.learner import continuation_relations
from models.learner.continuation_relations import gathered, nearest, shares


def relation(rows):
    return sparse.csr_array(np.array(rows, dtype=np.float32))


def test_the_nearest_others_are_kept(monkeypatch):
    monkeypatch.setattr(continuation_relations, "AT_ONCE", 2)
    vectors = np.random.default_rng(0).random((7, 4)).astype(np.float32)
    found = nearest(sparse.csr_array(vectors), kept=3).toarray()
    products = vectors @ vectors.T
    np.fill_diagonal(products, 0)
    for row, own in zip(found, products, strict=True):
        assert set(np.flatnonzero(row)) == set(np.argsort(-own)[:3])
        assert np.allclose(row[row > 0], own[row > 0])


def test_what_has_nothing_in_common_is_not_kept():
    assert nearest(relation([[1, 0], [0, 1], [0, 1]])).nnz == 2


def test_a_single_case_makes_half_a_share():
    assert shares(relation([[0, 1], [0, 3]])).toarray().tolist() == [[0, 0.5], [0, 0.75]]


def test_rows_are_gathered_by_weight():
    found = gathered(relation([[0, 1], [2, 0], [4, 4]]), [0, 2], np.array([1.0, 0.5]))
    assert found.tolist() == [2.0, 3.0]
