import numpy as np
import pytest
import torch

from data.errors import GatewaysError
from models.backends.low_rank import add_low_rank, low_rank_changes, merge_low_rank, save_low_rank
from models.backends.model_folder import load_model
from models.encoders.sentence import SentenceEncoder

TEXTS = ["abc", "a longer text"]


@pytest.fixture
def trained(tiny_folder):
    """A model whose low-rank weights are no longer nothing."""
    model = load_model(tiny_folder)
    for parameter in add_low_rank(model, rank=3):
        torch.nn.init.normal_(parameter, std=0.2, generator=torch.Generator().manual_seed(1))
    return model


def vectors(model):
    return model.encode(TEXTS, normalize_embeddings=True)


def test_new_weights_change_nothing_and_they_alone_are_trained(tiny_folder):
    model, plain = load_model(tiny_folder), load_model(tiny_folder)
    trained = add_low_rank(model, rank=3)
    np.testing.assert_allclose(vectors(model), vectors(plain), atol=1e-6)
    assert {id(one) for one in model.parameters() if one.requires_grad} == set(map(id, trained))


def test_merged_weights_give_the_vectors_that_were_trained(trained, tiny_folder, tmp_path):
    save_low_rank(low_rank_changes(trained), 3, tmp_path / "low.safetensors")
    model = load_model(tiny_folder)
    before = vectors(model)
    merge_low_rank(model, tmp_path / "low.safetensors")
    np.testing.assert_allclose(vectors(model), vectors(trained), atol=2e-3)  # half precision
    assert np.abs(vectors(model) - before).max() > 0.05


def test_an_encoder_with_low_rank_weights_is_another_encoder(trained, tiny_folder, tmp_path):
    save_low_rank(low_rank_changes(trained), 3, tmp_path / "low.safetensors")
    plain = SentenceEncoder("tiny", tiny_folder)
    low = SentenceEncoder("low", tiny_folder, low_rank=tmp_path / "low.safetensors")
    assert low.fingerprint != plain.fingerprint
    assert np.abs(low.encode(TEXTS) - plain.encode(TEXTS)).max() > 0.05


def test_weights_for_another_model_are_refused(trained, minilm, tmp_path):
    save_low_rank(low_rank_changes(trained), 3, tmp_path / "low.safetensors")
    with pytest.raises(GatewaysError, match="for another model"):
        merge_low_rank(torch.nn.Sequential(), tmp_path / "low.safetensors")


def test_damaged_weights_are_refused(tiny_folder, tmp_path):
    (tmp_path / "low.safetensors").write_bytes(b"cut short")
    with pytest.raises(GatewaysError, match="cannot be read"):
        merge_low_rank(load_model(tiny_folder), tmp_path / "low.safetensors")
