"""Two machines over one database, each with a workspace of its own."""

import socket
import subprocess
import time

import pytest
from sqlalchemy import select

from data.catalogue import Catalogue
from data.catalogue.harvests import LATE_SECONDS, Harvest
from data.catalogue.work_tables import harvests
from data.errors import ConflictError
from data.harvesting.holding import holding


def a_later_one(source):
    """As another machine sees it a minute after this process stood still."""
    at = time.time() + 2 * LATE_SECONDS
    return Harvest(source=source, id="other", host="there", pid=1, since=at, seen=at)


def test_another_machine_is_refused_until_the_harvest_ends(catalogue, catalogue_url):
    with Catalogue.open(catalogue_url) as other:
        with holding(catalogue, "a") as check:
            with pytest.raises(ConflictError, match=r"by process \d+ on"), holding(other, "a"):
                pass
            with holding(other, "b"):
                pass
            check()
        with holding(other, "a"):
            pass


def test_one_that_stood_still_is_told_that_another_has_taken_over(catalogue, monkeypatch):
    monkeypatch.setattr("data.harvesting.holding.RENEWED_EVERY", 0.01)
    with holding(catalogue, "a") as check:
        catalogue.harvests.begin(a_later_one("a"))
        with pytest.raises(ConflictError, match="taken over"):
            for _ in range(6000):
                check()
                time.sleep(0.01)
    with pytest.raises(ConflictError, match="on there"), holding(catalogue, "a"):
        pass


def test_one_that_was_killed_on_this_machine_is_followed_at_once(catalogue):
    with subprocess.Popen(["true"]) as process:
        process.wait()
    now = time.time()
    killed = Harvest(
        source="a", id="1", host=socket.gethostname(), pid=process.pid, since=now, seen=now
    )
    catalogue.harvests.begin(killed)
    with holding(catalogue, "a"):
        assert not catalogue.harvests.renew(killed, now)


def test_it_says_that_it_goes_on_while_a_step_takes_long(catalogue, monkeypatch):
    monkeypatch.setattr("data.harvesting.holding.RENEWED_EVERY", 0.01)
    with holding(catalogue, "a"):
        began = seen(catalogue)
        for _ in range(6000):
            if seen(catalogue) > began:
                return
            time.sleep(0.01)
        raise AssertionError("nothing was said")


def seen(catalogue):
    return catalogue._store.only(select(harvests.c.seen)).seen
