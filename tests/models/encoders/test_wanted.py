import shutil

import huggingface_hub.constants
import pytest

from data.errors import NotFoundError
from data.settings import load_settings
from models.bundles.published_versions import PublishedVersion, write_versions
from models.bundles.released import change_to, record, release
from models.encoders.wanted import encoder_called, wanted_encoder


@pytest.fixture
def home(bundle_of, tmp_path, monkeypatch):
    """A home in which two versions are registered, and nothing is in the hub's cache."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.chdir(tmp_path)
    registry = tmp_path / "home" / "registry"
    versions = [
        PublishedVersion(
            name=name,
            bundle=bundle,
            folder=shutil.copytree(bundle_of(bundle, seed), registry / name),
            base="e5",
            trained_on="words",
            created="2026-01-01",
            digest=name,
            aliases=aliases,
        )
        for name, bundle, seed, aliases in (
            ("2", "second", 2, ("challenger",)),
            ("1", "first", 1, ()),
        )
    ]
    write_versions(registry, versions)
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("name", "version"), [("2", "2"), ("challenger", "2"), ("1", "1"), ("first", "1")]
)
def test_a_version_is_its_folder_by_number_alias_and_bundle(home, name, version):
    assert encoder_called(name, home) == str(home / "registry" / version)


@pytest.mark.parametrize("name", ["e5-oak", "e5", "minilm"])
def test_what_ships_goes_by_its_own_name(home, name):
    assert encoder_called(name, home) == name


def test_a_folder_goes_before_a_version_of_its_name(home, tmp_path):
    (tmp_path / "2").mkdir()
    assert encoder_called("2", home) == "2"
    assert encoder_called(str(tmp_path), home) == str(tmp_path)


def test_the_champion_is_where_the_pointer_says(home, bundle_of):
    assert encoder_called("champion", home) == encoder_called("shipped", home) == "e5-oak"
    made = release(bundle_of("first", 1), home / "models", "1")
    record(home / "models", change_to(made, "promote"))
    assert encoder_called("champion", home) == str(home / "models" / "released" / made.folder)


@pytest.mark.parametrize(
    ("setting", "wanted"), [("auto", "e5-oak"), ("shipped", "e5-oak"), ("minilm", "minilm")]
)
def test_the_settings_name_an_encoder_or_leave_it_to_the_champion(home, setting, wanted):
    assert wanted_encoder(load_settings(home=home, encoder=setting)) == wanted


@pytest.mark.parametrize("name", ["champoin", "3", "", "some/model"])
def test_for_what_is_not_known_all_is_listed_that_is(home, name):
    listed = r"e5-oak, e5, minilm, 2 \(challenger, second\), 1 \(first\), and any folder"
    with pytest.raises(NotFoundError, match=listed) as refused:
        encoder_called(name, home)
    assert ("hf download" in str(refused.value)) == (name == "some/model")


def test_a_version_whose_place_was_not_written_down_names_the_remedy(home):
    told = (home / "registry" / "versions.json").read_text()
    (home / "registry" / "versions.json").write_text(
        told.replace('"folder": "2"', '"folder": null')
    )
    with pytest.raises(NotFoundError, match=r"remove .*versions\.json, and `gateways models list`"):
        encoder_called("2", home)
