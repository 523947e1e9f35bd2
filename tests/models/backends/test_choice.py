from dataclasses import replace

import pytest

from data.errors import GatewaysError
from data.settings import load_settings
from models.backends import choice
from models.backends.choice import FASTEST
from models.encoders.loading import load_encoder
from models.snapshots.manifest import stamp
from models.snapshots.open import open_maker


@pytest.fixture
def open_tiny(tiny_folder, workspace_models):
    return lambda backend: load_encoder(str(tiny_folder), workspace_models, backend=backend)


def test_auto_takes_the_fastest(open_tiny):
    assert open_tiny("auto").backend == FASTEST


def test_the_named_one_is_taken(open_tiny):
    for backend in ("torch", "onnx", "openvino"):
        assert open_tiny(backend).backend == backend


@pytest.mark.parametrize(
    ("backend", "remedy"),
    [("onnx", "pip install onnxruntime"), ("openvino", r"pip install -e '\.\[openvino\]'")],
)
def test_a_package_that_is_missing_is_named_with_what_mends_it(
    open_tiny, monkeypatch, backend, remedy
):
    monkeypatch.setattr(choice, "find_spec", lambda _: None)
    with pytest.raises(GatewaysError, match=remedy):
        open_tiny(backend)


def test_where_it_is_missing_auto_takes_torch_and_says_so_once(open_tiny, monkeypatch, caplog):
    monkeypatch.setattr(choice, "find_spec", lambda _: None)
    encoder = open_tiny("auto")
    assert encoder.backend == "torch"
    assert encoder.fingerprint == open_tiny("torch").fingerprint
    (record,) = caplog.records
    assert "torch computes it, which is slower" in record.getMessage()


def test_a_model_that_cannot_be_converted_is_torchs_unless_an_engine_is_named(
    telling_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("models.backends.conversion.LOWEST", 1.1)
    assert load_encoder(str(telling_folder), tmp_path, backend="auto").backend == "torch"
    with pytest.raises(GatewaysError, match=r"; GATEWAYS_BACKEND=torch does without$"):
        load_encoder(str(telling_folder), tmp_path, backend="onnx")


def test_where_an_index_names_the_engine_another_index_is_the_remedy(
    telling_folder, hashing_of, tmp_path, monkeypatch
):
    monkeypatch.setattr("models.backends.conversion.LOWEST", 1.1)
    settings = load_settings(home=tmp_path, encoder=str(telling_folder))
    made = stamp(hashing_of(8), revision=0, frameworks={}, outcomes=0, resources=0, index="flat")
    with pytest.raises(
        GatewaysError, match=r"; `GATEWAYS_BACKEND=torch gateways index` does without$"
    ):
        open_maker(settings, replace(made, backend="onnx"))


def test_what_is_said_of_a_full_disk_suits_who_asked(
    telling_folder, hashing_of, tmp_path, monkeypatch, caplog
):
    def fail(*_):
        raise OSError("no room")

    monkeypatch.setattr("models.backends.self_test.agreement", fail)
    cause = r"no room\); make room or mend the package of onnx"
    with pytest.raises(GatewaysError, match=f"{cause}; GATEWAYS_BACKEND=torch does without$"):
        load_encoder(str(telling_folder), tmp_path, backend="onnx")
    settings = load_settings(home=tmp_path, encoder=str(telling_folder))
    made = stamp(hashing_of(8), revision=0, frameworks={}, outcomes=0, resources=0, index="flat")
    with pytest.raises(GatewaysError, match=f"{cause}; `GATEWAYS_BACKEND=torch gateways index`"):
        open_maker(settings, replace(made, backend="onnx"))
    assert load_encoder(str(telling_folder), tmp_path, backend="auto").backend == "torch"
    assert "GATEWAYS_BACKEND" not in caplog.text


def test_an_unknown_backend_is_told_which_there_are(open_tiny):
    with pytest.raises(GatewaysError, match="there are auto, torch, onnx, openvino"):
        open_tiny("tensorflow")
