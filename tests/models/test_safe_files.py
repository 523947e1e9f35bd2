import json
import pickle
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from data.errors import GatewaysError
from models import safe_files
from models.backends.model_folder import load_model
from models.ranking.ranker import read_ranker
from models.safe_files import check_archive, check_safe


class Runs:
    """What runs when it is unpickled."""

    def __reduce__(self):
        return Path.touch, (Path("ran"),)


@pytest.fixture
def copy(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(tiny_folder, tmp_path / "copy"))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.pt", "model.pkl", "M.CKPT"])
def test_weights_that_are_pickled_are_refused_and_never_opened(copy, name):
    (copy / "model.safetensors").unlink()
    (copy / name).write_bytes(pickle.dumps(Runs()))
    with pytest.raises(GatewaysError, match="save the model as safetensors"):
        load_model(copy)
    assert not Path("ran").exists()


def test_pickled_weights_beside_safe_ones_are_not_opened_and_loading_unpickles_nothing(copy):
    (copy / "pytorch_model.bin").write_bytes(pickle.dumps(Runs()))
    seen, listening = [], [True]
    sys.addaudithook(lambda event, _: listening and seen.append(event))
    load_model(copy)
    listening.clear()
    assert "pickle.find_class" not in seen
    assert not Path("ran").exists()


def test_a_module_of_any_other_library_is_refused_before_it_is_imported(copy):
    modules = json.loads((copy / "modules.json").read_text())
    modules[0]["type"] = "os.system"
    (copy / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(GatewaysError, match=r"a module 'os\.system'"):
        check_safe(copy)


def test_code_that_a_configuration_names_is_refused(copy):
    said = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(said | {"auto_map": {"AutoModel": "a.b"}}))
    with pytest.raises(GatewaysError, match="auto_map"):
        check_safe(copy)


def packed(path, *contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(str(number), content)
    return path


def test_an_archive_that_grows_without_measure_is_no_ranker(tmp_path):
    with pytest.raises(GatewaysError, match="is not loaded"):
        read_ranker(packed(tmp_path / "bomb.skops", b"\0" * 20_000_000))


def test_an_archive_of_very_many_or_very_large_files_is_refused(tmp_path, monkeypatch):
    check_archive(packed(tmp_path / "small", b"a", b"b"))
    monkeypatch.setattr(safe_files, "MOST_PACKED", 1)
    with pytest.raises(GatewaysError, match="2 files"):
        check_archive(tmp_path / "small")
    monkeypatch.undo()
    monkeypatch.setattr(safe_files, "LARGEST_PACKED", 1)
    with pytest.raises(GatewaysError, match="unpack to 2 bytes"):
        check_archive(tmp_path / "small")
