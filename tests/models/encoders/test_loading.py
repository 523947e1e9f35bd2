import shutil
import socket
import subprocess
import sys
from pathlib import Path

import huggingface_hub.constants
import pytest

from data.errors import GatewaysError
from models.encoders.loading import E5_FOLDER, load_encoder

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def hub_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_a_folder_is_an_encoder_by_its_path(tiny_folder, tmp_path):
    encoder = load_encoder(str(tiny_folder), tmp_path)
    assert encoder.name == str(tiny_folder)
    assert encoder.encode(["a"]).shape == (1, 32)


def test_a_restored_folder_is_used_again(tiny_folder, tmp_path):
    shutil.copytree(tiny_folder, tmp_path / E5_FOLDER)
    encoder = load_encoder("e5", tmp_path)
    assert (encoder.name, encoder.dimension) == ("e5", 32)
    assert encoder.fingerprint == load_encoder(str(tiny_folder), tmp_path).fingerprint


def test_a_model_in_the_hub_cache_is_loaded_by_its_id(tiny_folder, hub_cache):
    model = hub_cache / "models--some--tiny"
    shutil.copytree(tiny_folder, model / "snapshots" / "0123abc")
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text("0123abc")
    encoder = load_encoder("some/tiny", hub_cache)
    assert (encoder.name, encoder.dimension) == ("some/tiny", 32)


@pytest.mark.parametrize("name", ["some/absent", "absent"])
def test_a_model_that_is_not_cached_is_not_fetched_but_explained(name, hub_cache):
    with pytest.raises(GatewaysError, match=rf"{name}.*hf download {name}.*folder"):
        load_encoder(name, hub_cache)


@pytest.mark.parametrize("name", ["/no/such/folder", "../models", "", "a b", "a/b/c", "--help"])
def test_a_folder_that_is_not_there_is_said(name, hub_cache):
    with pytest.raises(GatewaysError, match="encoder"):
        load_encoder(name, hub_cache)


def test_naming_encoders_loads_no_heavy_library():
    code = (
        "import sys, models.encoders.loading, models.encoders.vector_cache;"
        "print({'torch', 'transformers', 'sentence_transformers', 'tokenizers'} & {*sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "set()"
