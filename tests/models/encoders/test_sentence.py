import pickle
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import GatewaysError
from models.backends.torch import BATCH_SIZE
from models.encoders.loading import load_encoder
from models.encoders.sentence import SentenceEncoder
from tests.patience import PATIENCE

TEXTS = [
    "Compare two fractions with different denominators.",
    "",
    "Number › Fractions › Compare\nOrder fractions by size. " * 30,
    "भिन्नों की तुलना करना",
    "قارن بين كسرين",
    " \n ",
    "Photosynthesis",
    "比较两个分数 " * 100,
]


@pytest.fixture(scope="module")
def tiny(tiny_folder):
    return SentenceEncoder("tiny", tiny_folder)


@pytest.mark.parametrize("fixture", ["minilm", pytest.param("e5", marks=pytest.mark.slow)])
def test_a_text_has_the_same_vector_whatever_is_beside_it(request, fixture):
    encoder = request.getfixturevalue(fixture)
    many = [*TEXTS, *(f"{number} apples" for number in range(40))]
    together = encoder.encode(many)
    assert together.shape == (len(many), 384)
    assert together.dtype == np.float32
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(together[row], encoder.encode([text])[0], atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=40))
def test_any_texts_give_unit_rows_in_their_order(tiny, texts):
    vectors = tiny.encode(texts)
    assert vectors.shape == (len(texts), tiny.dimension)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    if texts:
        np.testing.assert_allclose(vectors[-1], tiny.encode(texts[-1:])[0], atol=1e-5)


@pytest.mark.parametrize("backend", ["torch", "onnx"])
def test_where_it_is_sent_other_weights_are_refused(tiny_folder, tmp_path, backend):
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "model"))
    sent = pickle.dumps(load_encoder(str(folder), tmp_path, backend=backend))
    (folder / "added.json").write_text("{}")
    with pytest.raises(GatewaysError, match="have the same encoder"):
        pickle.loads(sent)


def test_no_text_gives_no_row(minilm):
    vectors = minilm.encode([])
    assert vectors.shape == (0, 384)
    assert vectors.dtype == np.float32


def test_half_a_surrogate_pair_is_a_text(minilm):
    assert minilm.encode(["\ud83d fractions"]).shape == (1, 384)


def test_a_text_is_nearer_to_its_paraphrase_than_to_another(minilm):
    fractions, same, other = minilm.encode(
        [
            "Compare fractions with different denominators",
            "Decide which of two fractions with unlike denominators is larger",
            "Name the parts of a plant",
        ]
    )
    assert fractions @ same > fractions @ other + 0.3


def test_progress_adds_up_to_the_texts_batch_by_batch(tiny):
    told = []
    tiny.encode(["a"] * 100, told.append)
    assert sum(told) == 100
    assert len(told) > 1
    assert max(told) <= BATCH_SIZE


def test_a_book_takes_no_longer_than_a_long_page(minilm):
    minilm.encode(["warm"])
    start = time.perf_counter()
    minilm.encode(["word " * 2_000_000])
    assert time.perf_counter() - start < PATIENCE  # all of it would take an hour


@pytest.mark.slow
def test_threads_may_share_an_encoder(tiny):
    texts = [chr(97 + number % 26) * (1 + number % 30 * 20) for number in range(128)]
    alone = tiny.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        for shared in pool.map(tiny.encode, [texts] * 24):
            np.testing.assert_allclose(shared, alone, atol=1e-5)


def test_encoding_prints_nothing(tiny, capfd):
    tiny.encode(["a " * 4000, "b"])
    assert capfd.readouterr() == ("", "")


def test_the_prefix_of_the_folder_goes_before_every_text(tiny):
    plain = tiny._model.model.encode(["query: ab"], prompt="", normalize_embeddings=True)
    np.testing.assert_allclose(tiny.encode(["ab"]), plain, atol=1e-6)


def test_a_model_knows_what_it_is(minilm, tiny):
    assert (minilm.name, minilm.dimension, minilm.languages) == ("minilm", 384, frozenset({"en"}))
    assert (tiny.name, tiny.dimension) == ("tiny", 32)
    assert minilm.fingerprint != tiny.fingerprint


def test_its_dimension_is_told_without_loading_it(tiny_folder, monkeypatch):
    def refuse(*_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("models.backends.torch.TorchBackend", refuse)
    assert SentenceEncoder("tiny", tiny_folder).dimension == 32


def test_threads_are_set_only_when_they_are_named(tiny_folder):
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        SentenceEncoder("tiny", tiny_folder).encode(["a"])
        assert torch.get_num_threads() == 2
        SentenceEncoder("tiny", tiny_folder, threads=1).encode(["a"])
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
