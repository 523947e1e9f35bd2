import gc
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models.backends.low_rank import merge_low_rank
from models.backends.model_folder import load_model
from models.backends.shared_model import shared_model
from models.bundles.bundle import read_bundle
from models.encoders.sentence import SentenceEncoder

TEXTS = ["a query", "b c d " * 20, "", "half a page " * 30]


@pytest.fixture
def low_rank(bundle_of):
    return read_bundle(bundle_of("learned", 3)).low_rank


@pytest.fixture
def pair(tiny_folder, low_rank):
    """Two encoders of one folder, one of them with low-rank weights."""
    return (
        SentenceEncoder("plain", tiny_folder),
        SentenceEncoder("learned", tiny_folder, low_rank=low_rank),
    )


def alone(folder, low_rank=None):
    """What a model gives that shares nothing."""
    model = load_model(folder)
    if low_rank is not None:
        merge_low_rank(model, low_rank)
    return model.encode(TEXTS, batch_size=32, normalize_embeddings=True)


@pytest.mark.parametrize("first", [0, 1])
def test_vectors_are_bit_for_bit_those_of_models_that_share_nothing(
    pair, tiny_folder, low_rank, first
):
    order = [pair[first], pair[1 - first], pair[first]]
    found = {encoder.name: encoder.encode(TEXTS) for encoder in order}
    np.testing.assert_array_equal(found["plain"], alone(tiny_folder))
    np.testing.assert_array_equal(found["learned"], alone(tiny_folder, low_rank))
    assert not np.allclose(found["plain"], found["learned"])


def test_tokeniser_and_word_embeddings_are_there_once(pair):
    plain, learned = (encoder._model.model for encoder in pair)
    assert plain is not learned
    assert plain.tokenizer is learned.tokenizer
    words = [model[0].auto_model.embeddings.word_embeddings.weight for model in (plain, learned)]
    assert words[0] is words[1]


def test_a_copy_of_the_folder_and_one_whose_files_were_replaced_are_others(tiny_folder, tmp_path):
    copy = Path(shutil.copytree(tiny_folder, tmp_path / "copy"))
    before = shared_model(copy)
    assert shared_model(copy) is before
    assert shared_model(copy / ".." / "copy") is before
    assert shared_model(tiny_folder) is not before
    shutil.copyfile(tiny_folder / "tokenizer.json", copy / "tokenizer.json")
    assert shared_model(copy) is not before


def test_what_no_encoder_uses_any_more_is_not_kept(tiny_folder, tmp_path, low_rank):
    copy = Path(shutil.copytree(tiny_folder, tmp_path / "copy"))
    encoder = SentenceEncoder("learned", copy, low_rank=low_rank)
    encoder.encode(["a"])
    tokeniser = encoder._model.model.tokenizer
    del encoder
    gc.collect()
    assert shared_model(copy).model.tokenizer is not tokeniser


def test_threads_may_use_encoders_of_one_folder_at_once(pair):
    texts = [chr(97 + number % 26) * (1 + number % 30 * 20) for number in range(96)]
    expected = [encoder.encode(texts) for encoder in pair]
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(pair[number % 2].encode, texts) for number in range(16)]
        for number, job in enumerate(jobs):
            np.testing.assert_array_equal(job.result(), expected[number % 2])
