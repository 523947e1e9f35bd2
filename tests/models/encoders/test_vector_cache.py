import hashlib
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.encoders.vector_cache import ENCODE_SLICE, READ_SLICE, CachedEncoder, key_of
from models.encoders.vector_store import VectorStore


class Counting:
    """Passes on to an encoder and keeps what it was asked; stops after so many calls."""

    languages = frozenset({"en"})
    name = "counting"
    backend = "torch"

    def __init__(self, encoder, stop_after=None):
        self.encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dimension = encoder.dimension
        self.stop_after = stop_after
        self.asked = []

    def encode(self, texts, progress=None):
        if self.stop_after is not None and len(self.asked) == self.stop_after:
            raise KeyboardInterrupt
        self.asked.append(list(texts))
        return self.encoder.encode(texts, progress)

    @property
    def texts(self):
        return [text for call in self.asked for text in call]


@pytest.fixture
def counting(hashing):
    return Counting(hashing)


@pytest.fixture
def cached(counting, tmp_path):
    return CachedEncoder(counting, tmp_path)


def test_a_text_is_embedded_once(cached, counting):
    first = cached.encode(["one", "two", "one"])
    again = cached.encode(["two", "three", "one"])
    assert sorted(counting.texts) == ["one", "three", "two"]
    np.testing.assert_array_equal(again[[2, 0]], first[[0, 1]])


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(calls=st.lists(st.lists(st.text(max_size=6), max_size=12), max_size=4))
def test_vectors_are_those_of_the_encoder_and_progress_is_whole(cached, hashing, calls):
    for texts in calls:
        told = []
        vectors = cached.encode(texts, told.append)
        np.testing.assert_array_equal(vectors, hashing.encode(texts))
        assert vectors.dtype == np.float32
        assert sum(told) == len(texts)


def test_half_a_surrogate_pair_has_a_key_of_its_own():
    assert key_of("\ud83d") != key_of("\ud83e")
    assert key_of("é") == hashlib.sha256("é".encode()).digest()


def test_no_text_gives_no_row(cached):
    assert cached.encode([]).shape == (0, cached.dimension)


def test_another_process_finds_what_was_embedded(cached, hashing, tmp_path):
    cached.encode(["one", "two"])
    other = Counting(hashing)
    CachedEncoder(other, tmp_path).encode(["two", "one"])
    assert other.asked == []


def test_another_model_finds_nothing(cached, hashing_of, tmp_path):
    cached.encode(["one"])
    other = Counting(hashing_of(32))
    assert CachedEncoder(other, tmp_path).encode(["one"]).shape == (1, 32)
    assert other.texts == ["one"]


def test_it_is_known_by_what_it_remembers(cached, counting):
    for attribute in ("name", "fingerprint", "dimension", "languages"):
        assert getattr(cached, attribute) == getattr(counting, attribute)


def test_a_run_that_was_stopped_goes_on_where_it_was(hashing, tmp_path):
    texts = [f"text {number}" for number in range(5 * ENCODE_SLICE)]
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Counting(hashing, stop_after=3), tmp_path).encode(texts)
    rest = Counting(hashing)
    vectors = CachedEncoder(rest, tmp_path).encode(texts)
    assert len(rest.texts) == 2 * ENCODE_SLICE
    np.testing.assert_array_equal(vectors, hashing.encode(texts))


def test_the_encoder_is_asked_for_a_slice_at_a_time(cached, counting):
    cached.encode([f"text {number}" for number in range(2 * ENCODE_SLICE + 1)])
    assert [len(call) for call in counting.asked] == [ENCODE_SLICE, ENCODE_SLICE, 1]


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_file_costs_time_and_no_vector(cached, counting, hashing, tmp_path, seed):
    texts = [f"text {number}" for number in range(600)]
    cached.encode(texts)
    (file,) = tmp_path.glob("*.sqlite")
    content = np.frombuffer(file.read_bytes(), np.uint8).copy()
    random = np.random.default_rng(seed)
    for _ in range(4):
        start = random.integers(0, len(content) - 3000)
        content[start : start + 3000] = random.choice([0, 255, random.integers(256)])
    file.write_bytes(content)
    for _ in range(2):
        np.testing.assert_allclose(cached.encode(texts), hashing.encode(texts), atol=1e-6)
    asked = len(counting.texts)
    cached.encode(texts)
    assert len(counting.texts) == asked


@pytest.mark.parametrize("wrong", [0.0, 3e38, float("nan")])
def test_a_row_that_is_no_unit_vector_is_embedded_again(cached, hashing, wrong):
    damaged = np.full(cached.dimension, wrong, "<f4").tobytes()
    cached._store.write({key_of("a"): damaged})
    np.testing.assert_array_equal(cached.encode(["a", "b"]), hashing.encode(["a", "b"]))
    assert cached._store.read([key_of("a")]) != {key_of("a"): damaged}


def test_without_a_place_for_the_file_all_is_embedded(counting, hashing, tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    cached = CachedEncoder(counting, tmp_path / "file")
    np.testing.assert_array_equal(cached.encode(["a", "b"]), hashing.encode(["a", "b"]))
    assert "no longer kept" in caplog.text


def test_a_whole_catalogue_is_read_at_once(hashing_of, tmp_path, monkeypatch):
    cached = CachedEncoder(hashing_of(384), tmp_path)
    texts = [f"text {number} of a catalogue" for number in range(12_000)]
    cached.encode(texts)
    read, asked = VectorStore.read, []
    monkeypatch.setattr(
        VectorStore, "read", lambda store, keys: asked.append(len(keys)) or read(store, keys)
    )
    cached.encode(texts)
    assert sum(asked) == len(texts)
    assert len(asked) == math.ceil(len(texts) / READ_SLICE)


def test_a_real_encoder_gives_the_same_from_the_file(minilm, tmp_path):
    texts = ["Compare two fractions", "", "Compare two fractions", "Name the parts of a plant"]
    first = CachedEncoder(minilm, tmp_path).encode(texts)
    np.testing.assert_array_equal(CachedEncoder(minilm, tmp_path).encode(texts), first)
    np.testing.assert_allclose(first, minilm.encode(texts), atol=1e-5)
