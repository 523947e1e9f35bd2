"""A harvest that is killed anywhere goes on: nothing is lost, and nothing comes twice."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.harvesting.progress import State
from data.settings import load_settings
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
RESOURCES, PER_PAGE = 60, 2
PACKAGES = 20


@pytest.fixture
def gateways(tmp_path):
    """Start the real program on a workspace."""

    def start(home, *arguments):
        return subprocess.Popen(
            [sys.executable, ROOT / "gateways.py", "--home", tmp_path / home, *arguments],
            env=os.environ | {"GATEWAYS_HARVEST_PRIVATE": '["127.0.0.0/8"]'},
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture
def kept(tmp_path):
    def rows(home):
        with Catalogue.open(load_settings(home=tmp_path / home).catalogue_url) as catalogue:
            (source,) = catalogue.sources.all()
            assert not State.of(source.state).unfinished
            return [*catalogue.resources.live(), *catalogue.outcomes.live()]

    return rows


def run(process):
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err


def until_asked(process, asked, enough):
    """Wait until a harvest has asked so often; it may have ended just after."""
    while asked() < enough:
        assert process.poll() is None or asked() >= enough
        time.sleep(0.002)


def pages_asked(repository):
    return sum(asked["verb"] == "ListRecords" for asked in repository.asked)


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_harvest_ends_up_as_one_that_was_not_killed(seed, repository, gateways, kept):
    chance = random.Random(seed)
    repository.per_page, repository.pause = PER_PAGE, 0.02
    for number in range(RESOURCES):
        repository.put(f"oai:x:{number}", f"Resource {number}")
    for home in ("killed", "whole"):
        run(gateways(home, "sources", "add", "archive", "--oai", repository.url))
    for _ in range(2):
        process = gateways("killed", "harvest")
        enough = pages_asked(repository) + chance.randint(2, 6)
        until_asked(process, lambda: pages_asked(repository), enough)
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.communicate()
    before = pages_asked(repository)
    run(gateways("killed", "harvest"))
    assert pages_asked(repository) - before < RESOURCES // PER_PAGE  # it went on, not anew
    run(gateways("whole", "harvest"))
    assert kept("killed") == kept("whole")
    assert len(kept("killed")) == RESOURCES


def test_a_killed_harvest_of_frameworks_goes_on_with_those_that_were_left(case, gateways, kept):
    case.pause = 0.02
    for number in range(PACKAGES):
        case.put(f"d{number}", *(f"d{number}-{item}" for item in range(5)))
    run(gateways("killed", "sources", "add", "board", "--case", case.url))
    process = gateways("killed", "harvest")
    until_asked(process, lambda: len(case.asked), PACKAGES // 2)
    process.kill()
    process.communicate()
    taken = case.taken()
    run(gateways("killed", "harvest"))
    again = case.taken()
    assert set(taken) | set(again) == set(case.packages)
    assert len(set(taken) & set(again)) <= 1  # the one under way when it was killed
    assert len(kept("killed")) == 5 * PACKAGES
