import numpy as np
import pytest

from models.alignment.informative import Reach, uncertainty
from models.index import FlatIndex


def unit(matrix):
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


def test_what_may_go_either_way_is_the_most_uncertain():
    assert uncertainty([0.5]) == pytest.approx(1)
    assert uncertainty([0.99]) < uncertainty([0.8]) < uncertainty([0.6])
    assert uncertainty([]) == 0
    assert uncertainty([0.0, 1.0]) == pytest.approx(0, abs=1e-6)


def test_what_many_are_near_reaches_far_and_what_stands_alone_does_not():
    random = np.random.default_rng(0)
    crowd = random.normal(size=8) + 0.05 * random.normal(size=(30, 8))
    alone = -crowd.mean(axis=0)[None, :]
    vectors = unit(np.vstack([crowd, random.normal(size=(60, 8)), alone]))
    reach = Reach(FlatIndex([str(n) for n in range(len(vectors))], vectors)).of(vectors)
    assert ((reach >= 0) & (reach <= 1)).all()
    assert reach[:30].min() > reach[-1]


def test_a_resource_that_is_alone_in_the_index_reaches_nobody():
    vectors = unit(np.ones((1, 4)))
    assert Reach(FlatIndex(["only"], vectors)).of(vectors).tolist() == [0.0]
