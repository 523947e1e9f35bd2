"""SIGKILL anywhere in `retrain`: given again it ends with the one version it would have made."""

import json
import random
import shutil

import pytest

from data.settings import load_settings
from models.bundles.bundle import LOW_RANK, MANIFEST
from models.checksums import checksum
from training.registry.promotion import promote
from training.registry.store import Registry

pytestmark = pytest.mark.slow

# What only a run that has not ended may have.
UNFINISHED = ("checkpoint.pt", "*.partial", "*.part", ".*.json")
# After which line, and within how many seconds; what was done before is not done again.
KILLED_AT = (("2 of 5", 1.0), ("3 of 5", 0.3))


@pytest.fixture
def prepared(program, bundle_of, labelled_folder):
    """A workspace with labelled lessons, in which a bundle of the tiny encoder is the champion."""
    program.settings = {"OMP_NUM_THREADS": "1"}  # so small a model is the faster for it
    version = Registry(program.home / "registry").register(
        bundle_of("first", 1), dataset="first", parameters={}, metrics={}, code="test"
    )
    promote(load_settings(home=program.home), version)
    program.run("import", labelled_folder())
    return program


def test_a_retraining_killed_anywhere_ends_with_the_version_of_one_that_was_not(
    prepared, telling_folder, tmp_path
):
    options = ("--way", "lora", "--base", telling_folder, "--epochs", "15", "--by", "resource")
    killed, whole = prepared.home, tmp_path / "whole"
    shutil.copytree(killed, whole)
    prepared.home = whole
    prepared.run("retrain", *options)
    expected = challenger(prepared)
    figures = figures_of(expected)
    assert figures["dev_mrr"] > figures["dev_mrr_before"] > 0  # or all weights are as they began

    prepared.home = killed
    moments = random.Random(0)
    for step, within in KILLED_AT:
        prepared.kill_once(step, moments.uniform(0, within), "retrain", *options)
    prepared.run("retrain", *options)

    found = challenger(prepared)
    assert (found.name, found.dataset) == ("2", expected.dataset)
    assert checksum(found.folder / LOW_RANK) == checksum(expected.folder / LOW_RANK)
    assert figures_of(found) == figures
    assert found.metrics == expected.metrics
    assert [one for name in UNFINISHED for one in (killed / "retraining").rglob(name)] == []
    assert [path.name for path in (killed / "frozen").glob(".*")] == []
    compared = json.loads(
        prepared.run("models", "compare", "champion", "challenger", "--json").stdout
    )
    assert (compared["before"], compared["after"]) == ("1", "2")


def challenger(program):
    registry = Registry(program.home / "registry")
    assert [version.name for version in registry.versions()] == ["2", "1", "shipped"]
    return registry.version("challenger")


def figures_of(version):
    return json.loads((version.folder / MANIFEST).read_text())["figures"]
