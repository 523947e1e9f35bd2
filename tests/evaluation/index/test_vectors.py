import numpy as np

from evaluation.index.vectors import Topics


def drawn(seed, count=300):
    return np.concatenate(list(Topics(dimension=64, seed=seed).draw(count)))


def test_a_seed_always_gives_the_same_unit_vectors():
    one = drawn(3)
    assert one.shape == (300, 64)
    assert one.dtype == np.float32
    assert np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)
    assert np.array_equal(one, drawn(3))
    assert not np.array_equal(one, drawn(4))


def test_some_are_far_nearer_to_one_another_than_two_at_random_are():
    vectors = drawn(0, 2000)
    cosines = vectors @ vectors.T - 2 * np.eye(len(vectors))
    assert cosines.max(axis=1).mean() > 4 * cosines[cosines > -1].mean() > 0
