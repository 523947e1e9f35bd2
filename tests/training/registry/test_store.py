import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import GatewaysError, NotFoundError
from models.bundles.bundle import read_bundle
from training.registry import runs
from training.registry.store import Registry

ROOT = Path(__file__).parents[3]


@pytest.fixture
def registry(two_registered, tmp_path):
    """A copy of it elsewhere, as when a workspace was moved."""
    return Registry(shutil.copytree(two_registered, tmp_path / "registry"))


def named(versions):
    return {version.name: version for version in versions}


def test_with_nothing_registered_what_ships_is_the_champion_and_nothing_is_made(tmp_path):
    registry = Registry(tmp_path / "registry")
    (only,) = registry.versions()
    assert (only.name, only.bundle, only.aliases) == ("shipped", "e5-oak", ("champion",))
    assert registry.version("champion") == registry.version("e5-oak") == only
    registry.crown("shipped")
    assert not (tmp_path / "registry").exists()


@pytest.mark.slow
def test_a_registered_bundle_is_kept_with_all_that_is_known_of_it(registry, bundle_of):
    version = registry.version("2")
    assert read_bundle(version.folder).files == read_bundle(bundle_of("second", 2)).files
    assert (version.folder / "README.md").read_text() == "# second\n"
    assert (version.bundle, version.dataset, version.code) == ("second", "abc", "c0ffee")
    assert (version.trained_on, version.created) == ("words", "2026-01-01")
    assert version.parameters == {"epochs": "2"}
    assert version.metrics == {
        "mean_f2": 0.7,
        "recall@10": 0.9,
        "language/hi/recall@10": 0.5,
        "subject/A _ B/ece": 0.1,  # MLflow takes no ampersand
    }


def test_the_newest_is_the_challenger_and_comes_first(registry):
    assert [version.name for version in registry.versions()] == ["2", "1", "shipped"]
    assert [version.aliases for version in registry.versions()] == [
        ("challenger",),
        (),
        ("champion",),
    ]


def test_what_is_registered_already_is_the_challenger_again_unless_it_is_the_champion(
    register, registry, bundle_of
):
    assert register(registry, bundle_of("first", 1)) == registry.version("1")
    assert [version.aliases for version in registry.versions()][:2] == [(), ("challenger",)]
    registry.crown("1")
    assert register(registry, bundle_of("first", 1)).aliases == ("champion",)
    assert len(registry.versions()) == 3


def test_a_damaged_bundle_is_not_registered(register, registry, bundle_of, tmp_path):
    damaged = shutil.copytree(bundle_of("first", 1), tmp_path / "damaged")
    (damaged / "confidence.json").unlink()
    with pytest.raises(GatewaysError, match=r"confidence\.json is missing"):
        register(registry, damaged)
    assert len(registry.versions()) == 3


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("1", "1"),
        ("challenger", "2"),
        ("champion", "shipped"),
        ("first", "1"),
        ("e5-oak", "shipped"),
    ],
)
def test_a_version_is_found_by_number_alias_or_bundle(registry, name, found):
    assert registry.version(name).name == found


def test_a_name_that_nothing_has_is_told_with_those_that_there_are(registry):
    listed = r"'3'.*2 \(challenger, second\), 1 \(first\), shipped \(champion, e5-oak\)"
    with pytest.raises(NotFoundError, match=listed):
        registry.version("3")


def test_a_store_that_another_process_writes_to_for_long_is_told(registry, monkeypatch):
    monkeypatch.setattr(runs, "BUSY_SECONDS", 0)
    writer = sqlite3.connect(registry.folder / "mlflow.db")
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(GatewaysError, match=r"mlflow\.db: another process writes to it; wait"):
        registry.versions()
    writer.close()
    assert registry.version("2").name == "2"


def test_a_crowned_challenger_is_champion_and_challenger_no_more(registry):
    registry.crown("2")
    found = named(registry.versions())
    assert (found["2"].aliases, found["shipped"].aliases) == (("champion",), ())
    registry.crown("1")
    found = named(registry.versions())
    assert (found["1"].aliases, found["2"].aliases) == (("champion",), ())
    registry.crown("shipped")
    assert registry.version("champion").name == "shipped"


def test_reports_are_kept_by_the_data_that_they_are_of(registry, tmp_path):
    report = tmp_path / "report.json"
    page = tmp_path / "report.html"
    page.write_text("<p>")
    for name, data in (("1", "a"), ("1", "b"), ("shipped", "a"), ("shipped", "b")):
        report.write_text(json.dumps([name, data]))
        registry.add_report(name, data, report, page)
    for name, version in named(registry.versions()).items():
        kept = {data: json.loads(path.read_text()) for data, path in version.reports.items()}
        assert kept == ({} if name == "2" else {"a": [name, "a"], "b": [name, "b"]})
    assert list(registry.version("1").reports) == ["a", "b"]
    assert registry.version("1").reports["a"].with_suffix(".html").is_file()


def test_a_registry_that_was_moved_takes_new_versions_where_it_is_now(
    register, registry, bundle_of, tmp_path
):
    third = register(registry, bundle_of("third", 3))
    assert third.name == "3"
    assert third.folder.is_relative_to(tmp_path)
    assert [read_bundle(version.folder) for version in registry.versions()]


def test_without_mlflow_the_command_that_installs_it_is_named(
    register, tmp_path, bundle_of, monkeypatch
):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(GatewaysError, match=r"pip install 'gateways\[train\]'"):
        register(Registry(tmp_path), bundle_of("first", 1))
    assert Registry(tmp_path).version("champion").name == "shipped"


@pytest.mark.slow
def test_mlflow_asks_no_network_and_says_nothing(two_registered, tmp_path):
    copy = shutil.copytree(two_registered, tmp_path / "registry")
    code = (
        "import socket, sys, time; from pathlib import Path\n"
        "def refuse(*of): print('asked', of)\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from training.registry.store import Registry\n"
        "registry = Registry(Path(sys.argv[1]))\n"
        "registry.crown('2'); registry.add_report('2', 'a', Path(sys.argv[2]))\n"
        "time.sleep(2)\n"
    )
    ours = {"PYTEST_CURRENT_TEST", "CI", "MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK"}
    found = subprocess.run(
        [sys.executable, "-c", code, str(copy), str(Path(__file__))],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in ours},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (found.stdout, found.stderr) == ("", "")


@pytest.mark.slow
def test_a_store_whose_making_was_killed_is_made_by_the_next_one(register, tmp_path, bundle_of):
    (tmp_path / ".mlflow.db").write_bytes(b"half a database")
    assert register(Registry(tmp_path), bundle_of("first", 1)).name == "1"
