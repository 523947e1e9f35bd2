import json

import pytest

from data.errors import GatewaysError
from models.bundles.bundle import (
    CONFIDENCE,
    ENCODER,
    LOW_RANK,
    MANIFEST,
    Bundle,
    is_bundle,
    read_bundle,
    write_manifest,
)


@pytest.fixture
def bundle(tmp_path, confidence):
    (tmp_path / LOW_RANK).write_bytes(b"weights")
    confidence.write(tmp_path / CONFIDENCE)
    made = Bundle(
        folder=tmp_path, base="e5", trained_on="d", created="2026-01-01", recipe={"rank": 4}
    )
    return write_manifest(made)


def test_what_was_sealed_is_read_again(bundle):
    assert is_bundle(bundle.folder)
    assert read_bundle(bundle.folder) == bundle
    assert set(bundle.files) == {LOW_RANK, CONFIDENCE}


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path):
    assert not is_bundle(tmp_path)
    with pytest.raises(GatewaysError, match="is no bundle's manifest"):
        read_bundle(tmp_path)


@pytest.mark.parametrize("name", [LOW_RANK, CONFIDENCE])
def test_a_changed_or_missing_file_is_named(bundle, name):
    (bundle.folder / name).write_bytes(b"other")
    with pytest.raises(GatewaysError, match=f"{name} is damaged"):
        read_bundle(bundle.folder)
    (bundle.folder / name).unlink()
    with pytest.raises(GatewaysError, match=f"{name} is missing"):
        read_bundle(bundle.folder)


@pytest.mark.parametrize(
    ("field", "said"), [("format", "has format 99"), ("text_version", "texts of version 99")]
)
def test_a_bundle_of_another_version_is_refused(bundle, field, said):
    manifest = bundle.folder / MANIFEST
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), field: 99}))
    with pytest.raises(GatewaysError, match=said):
        read_bundle(bundle.folder)


def test_a_file_that_no_manifest_knows_is_named_before_anything_is_loaded(bundle):
    (bundle.folder / ENCODER).mkdir(exist_ok=True)
    (bundle.folder / ENCODER / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(GatewaysError, match=r"pytorch_model\.bin: is not in the bundle's manifest"):
        read_bundle(bundle.folder)
