import json
import logging
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import models.backends.conversion
from data.errors import GatewaysError
from models.backends.conversion import UnfitError, converted
from models.backends.kept import MANIFEST, kept_conversions, prune
from models.backends.model_folder import fingerprint_of


@pytest.fixture
def convert(tiny_folder, tmp_path):
    made_of = fingerprint_of(tiny_folder)

    def make(folder=tiny_folder, engine="onnx"):
        return converted(engine, folder, None, made_of, tmp_path)

    return make


@pytest.fixture
def no_torch(monkeypatch):
    def refuse(*_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr("models.backends.torch.TorchBackend", refuse)


def test_a_model_is_converted_once(convert, monkeypatch, request):
    first = convert()
    assert first.lowest > 0.98
    request.getfixturevalue("no_torch")
    assert convert() == first


def test_what_nobody_used_for_long_goes_when_another_is_made(convert, tmp_path):
    old, used = convert(), convert(engine="openvino")
    for one in (old, used):
        os.utime(one.folder / MANIFEST, (1.0, 1.0))
    convert(engine="openvino")
    prune(tmp_path, time.time())
    assert [one.name for one in kept_conversions(tmp_path)] == [used.folder.name]
    assert not old.folder.exists()
    assert convert().files == old.files
    os.utime(used.folder / MANIFEST, (1.0, 1.0))
    shutil.rmtree(old.folder)
    convert()
    assert [one.name for one in kept_conversions(tmp_path)] == [old.folder.name]


def test_two_that_want_it_at_once_make_it_once(convert, caplog):
    with caplog.at_level(logging.INFO), ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: convert(), range(2))
    assert first == second
    assert caplog.text.count("is converted for onnx") == 1


@pytest.mark.parametrize("name", ["model.onnx", "positions.npy", "conversion.json"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"{")])
def test_what_is_damaged_is_made_again_with_a_warning(convert, caplog, name, damage):
    first = convert()
    damage(first.folder / name)
    again = convert()
    assert again.files == first.files
    assert f"{first.folder}: the converted model is damaged" in caplog.text


def test_what_a_killed_run_left_is_no_hindrance(convert):
    whole = convert()
    shutil.copytree(whole.folder, whole.folder.with_name(f".{whole.folder.name}.part"))
    shutil.rmtree(whole.folder)
    assert convert().files == whole.files
    assert [path.name for path in whole.folder.parent.iterdir() if path.is_dir()] == [
        whole.folder.name
    ]


def test_a_model_whose_vectors_are_others_is_refused_and_not_tried_again(
    convert, monkeypatch, request
):
    monkeypatch.setattr(models.backends.conversion, "LOWEST", 1.1)
    with pytest.raises(UnfitError, match=r"cosine of 1\.000 to torch's, below 1\.1"):
        convert()
    request.getfixturevalue("no_torch")
    with pytest.raises(UnfitError, match=r"below 1\.1"):
        convert()


def test_vectors_that_are_no_numbers_are_refused(convert, monkeypatch):
    nothing = float("nan")
    monkeypatch.setattr("models.backends.self_test.agreement", lambda *_: (nothing, nothing))
    with pytest.raises(UnfitError, match="a cosine of nan"):
        convert()


@pytest.mark.parametrize("trouble", [MemoryError("no room"), OSError("no room")])
def test_what_may_pass_is_no_refusal_for_ever(convert, monkeypatch, trouble):
    def fail(*_):
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr("models.backends.self_test.agreement", fail)
        with pytest.raises(GatewaysError, match=r"cannot be converted .no room"):
            convert()
    assert not convert().refused


@pytest.mark.parametrize(
    ("stated", "reason"),
    [({"hidden_act": "relu"}, "a bert with relu"), ({"is_decoder": True}, "not a plain BERT")],
)
def test_a_model_of_another_kind_is_refused_with_the_reason(
    convert, tiny_folder, tmp_path, stated, reason
):
    other = Path(shutil.copytree(tiny_folder, tmp_path / "other"))
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | stated))
    with pytest.raises(UnfitError, match=f"onnx cannot compute this model: .*{reason}"):
        convert(other)
