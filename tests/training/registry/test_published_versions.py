import shutil

import pytest

from data.errors import GatewaysError
from models.bundles.bundle import read_bundle
from models.bundles.published_versions import read_versions
from training.registry.store import Registry


@pytest.fixture
def folder(two_registered, tmp_path):
    return shutil.copytree(two_registered, tmp_path / "registry")


def aliases(folder):
    return {version.name: version.aliases for version in read_versions(folder)}


def test_what_was_registered_is_told_without_a_registry(folder):
    second = read_versions(folder)[0]
    assert (second.name, second.bundle, second.code) == ("2", "second", "c0ffee")
    assert read_bundle(second.folder).files
    assert second.metrics == {"mean_f2": 0.7, "recall@10": 0.9}  # and none of slices
    assert second.parameters == {"epochs": "2"}
    assert second.card == "# second\n"
    assert aliases(folder) == {"2": ("challenger",), "1": (), "shipped": ("champion",)}


def test_every_change_of_the_registry_is_told(folder, tmp_path):
    registry, report = Registry(folder), tmp_path / "report.json"
    report.write_text("{}")
    registry.crown("2")
    registry.add_report("2", "data", report)
    registry.note_force("2", "the slice is tiny", ("F2 falls",))
    found = read_versions(folder)[0]
    assert (found.aliases, found.forced) == (("champion",), "the slice is tiny")
    assert found.reports["data"].read_text() == "{}"
    assert found.reports["data"].is_relative_to(folder)


def test_a_registry_of_before_is_told_when_it_is_looked_at(folder):
    (folder / "versions.json").unlink()
    assert list(aliases(folder)) == ["shipped"]
    Registry(folder).crown("shipped")
    assert list(aliases(folder)) == ["2", "1", "shipped"]


@pytest.mark.parametrize("text", ["", "{}", '{"format": 9}', '{"format": 1, "versions": [{}]}'])
def test_a_damaged_file_is_told_with_what_mends_it(folder, text):
    (folder / "versions.json").write_text(text)
    with pytest.raises(GatewaysError, match="gateways models list"):
        read_versions(folder)
