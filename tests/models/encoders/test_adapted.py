import numpy as np
import pytest

from data.errors import GatewaysError
from models.encoders.adapted import AdaptedEncoder, adapted, write_adapter

TEXTS = ["add fractions", "rivers and lakes", ""]


@pytest.fixture
def adapter(tmp_path, hashing):
    def written(matrix=None, name="adapter.safetensors"):
        path = tmp_path / name
        write_adapter(path, np.eye(hashing.dimension) if matrix is None else matrix)
        return path

    return written


def test_the_identity_changes_no_vector_but_is_another_encoder(hashing, adapter):
    encoder = AdaptedEncoder(hashing, adapter())
    np.testing.assert_allclose(encoder.encode(TEXTS), hashing.encode(TEXTS), atol=1e-6)
    assert encoder.fingerprint != hashing.fingerprint
    assert (encoder.name, encoder.dimension) == (hashing.name, hashing.dimension)
    assert encoder.languages == hashing.languages


def test_vectors_are_mapped_and_of_unit_length(hashing, adapter):
    matrix = np.random.default_rng(0).normal(size=(hashing.dimension,) * 2)
    found = AdaptedEncoder(hashing, adapter(matrix)).encode(TEXTS)
    expected = hashing.encode(TEXTS) @ matrix.T
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(found, expected, atol=2e-3)  # the file is in half precision
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert found.dtype == np.float32


def test_another_map_is_another_encoder(hashing, adapter):
    one = AdaptedEncoder(hashing, adapter())
    other = AdaptedEncoder(hashing, adapter(np.eye(hashing.dimension)[::-1], "other"))
    assert one.fingerprint != other.fingerprint
    assert one.fingerprint == AdaptedEncoder(hashing, adapter()).fingerprint


def test_what_is_mapped_to_nothing_is_no_division_by_zero():
    assert np.isfinite(adapted(np.ones((1, 2), np.float32), np.zeros((2, 2), np.float32))).all()


def test_progress_is_told(hashing, adapter):
    told = []
    AdaptedEncoder(hashing, adapter()).encode(TEXTS, told.append)
    assert sum(told) == len(TEXTS)


@pytest.mark.parametrize("content", [b"", b"cut", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
def test_a_damaged_file_is_named(hashing, tmp_path, content):
    path = tmp_path / "adapter.safetensors"
    path.write_bytes(content)
    with pytest.raises(GatewaysError, match=r"adapter\.safetensors: no adapter"):
        AdaptedEncoder(hashing, path)


def test_a_missing_file_and_a_map_of_another_encoder_are_refused(hashing, adapter, tmp_path):
    with pytest.raises(GatewaysError, match="gone"):
        AdaptedEncoder(hashing, tmp_path / "gone")
    with pytest.raises(GatewaysError, match=r"3 .*64"):
        AdaptedEncoder(hashing, adapter(np.eye(3))).encode(TEXTS)
