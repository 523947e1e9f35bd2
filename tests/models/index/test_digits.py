import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.index.digits import Digits, in_digits
from models.index.faiss_file import copied, mapped, write

ROWS = 2000


def uneven(seed, count, dimension, slope):
    """Vectors of unit length that differ in some directions far more than in others."""
    generator = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((dimension, dimension)))
    scale = (1.0 + np.arange(dimension)) ** -slope
    vectors = (generator.standard_normal((count, dimension)) * scale + scale) @ turn
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def kept(vectors):
    index = in_digits(vectors)
    digits = Digits(index)
    digits.add(vectors)
    return index, digits


@settings(max_examples=25, deadline=None)
@given(
    dimension=st.sampled_from([4, 17, 48, 96]),
    slope=st.floats(0, 2),
    seed=st.integers(0, 2**31),
)
def test_vectors_come_back_within_the_stated_loss_and_are_compared_as_they_come_back(
    dimension, slope, seed
):
    vectors = uneven(seed, ROWS, dimension, slope)
    index, digits = kept(vectors)
    back = digits.reconstruct_batch(np.arange(ROWS))
    assert np.linalg.norm(back - vectors, axis=1).max() <= digits.loss < 0.05
    scores, rows = index.search(vectors[:5], 10)
    products = np.take_along_axis(vectors[:5] @ back.T, rows, axis=1)
    np.testing.assert_allclose(scores, products, atol=1e-5)


def test_ten_bits_a_component_where_they_tell_most_keep_what_ten_bits_each_would_not():
    vectors = uneven(1, ROWS, 96, slope=1)
    _, digits = kept(vectors)
    back = digits.reconstruct_batch(np.arange(ROWS))
    span = vectors.max() - vectors.min()
    each = np.round((vectors - vectors.min()) / span * 1023) / 1023 * span + vectors.min()
    queries = vectors[:200]
    wrong, alike = (np.std(queries @ (one - vectors).T) for one in (back, each))
    assert wrong < alike


def test_what_comes_later_is_kept_as_well_and_the_file_is_read_as_it_was_written(tmp_path):
    first, later = uneven(2, ROWS, 48, 1), uneven(3, 300, 48, 1)
    index, _ = kept(first)
    write(index, tmp_path / "digits")
    read = mapped(tmp_path / "digits")
    grown = copied(read)
    digits = Digits(grown)
    digits.add(later)
    assert (read.ntotal, grown.ntotal) == (ROWS, ROWS + 300)
    back = digits.reconstruct_batch(np.arange(ROWS + 300))
    np.testing.assert_array_equal(back[:ROWS], Digits(read).reconstruct_batch(np.arange(ROWS)))
    apart = np.linalg.norm(back - np.concatenate([first, later]), axis=1)
    assert np.mean(apart <= digits.loss) > 0.99


def test_a_vector_unlike_all_before_it_is_told_by_the_loss():
    vectors = uneven(4, ROWS, 48, 2)
    _, digits = kept(vectors)
    other = uneven(5, 1, 48, 2)[:, ::-1]
    digits.add(other)
    assert np.linalg.norm(digits.reconstruct_batch(np.array([ROWS])) - other) > digits.loss


@pytest.mark.parametrize("count", [1, 16])
def test_few_vectors_are_enough(count):
    vectors = uneven(6, count, 24, 1)
    _, digits = kept(vectors)
    assert np.allclose(digits.reconstruct_batch(np.arange(count)), vectors, atol=0.02)
