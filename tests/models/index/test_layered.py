import numpy as np
import pytest

from models.index import make_index
from models.index.sealed import best

COUNT = 60


@pytest.mark.parametrize("kind", ["hnsw", "ivfpq"])
def test_one_by_one_no_more_is_put_in_order_than_may_be_found(kind, monkeypatch):
    vectors = np.random.default_rng(0).standard_normal((COUNT, 8)).astype(np.float32)
    index = make_index([str(row) for row in range(COUNT)], vectors, kind)
    widths = []

    def watched(k, rows, scores):
        widths.append(rows.shape[1])
        return best(k, rows, scores)

    monkeypatch.setattr("models.index.layered.best", watched)
    monkeypatch.setattr("models.index.layered.READ_AT_ONCE", 3)
    allowed = np.arange(COUNT) % 12 == 0
    rows, scores = index.search(vectors[:2], COUNT, allowed)
    assert max(widths) <= allowed.sum() + 3
    assert [sorted(line[:5]) for line in rows] == [np.flatnonzero(allowed).tolist()] * 2
    assert (rows[:, 5:] == -1).all()
    assert (np.diff(scores) <= 0).all()
