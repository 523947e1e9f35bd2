"""Sources that say how often they are harvested, while a server runs."""

import time
from types import SimpleNamespace

import pytest

from data.records import Resource, Source
from service.jobs.jobs import Jobs
from service.jobs.timetable import AGAIN_SECONDS, Timetable

HOUR = 3600.0


@pytest.fixture
def jobs(settings, monkeypatch):
    # What a job does is not asked here, only whether it is started.
    monkeypatch.setattr(Jobs, "_spawn", lambda *_: None)
    return Jobs(settings.home)


@pytest.fixture
def look(settings, catalogue, jobs):
    """Look whether a source is due at a time from now on; the jobs that there are then."""

    def looked(seconds=0.0, *, is_first=True):
        presence = SimpleNamespace(is_first=lambda: is_first)
        Timetable(settings, catalogue, presence, lambda: time.time() + seconds).look()
        return [(one.what, one.arguments) for one in jobs.all()]

    return looked


def note(catalogue, **options):
    source = Source(name="x", kind="oai", url="u", options=options, created=time.time())
    catalogue.sources.add(source)


def test_a_source_that_is_due_is_harvested_and_none_before(catalogue, look):
    note(catalogue, every="24")
    assert look(23 * HOUR) == []
    assert look(25 * HOUR) == [("harvest", ("harvest", "--due"))]


def test_one_that_does_not_say_how_often_is_left_alone(catalogue, look):
    note(catalogue)
    assert look(1e9) == []


def test_a_harvest_that_did_not_come_to_its_sources_is_tried_again_in_a_while(catalogue, look):
    note(catalogue, every="1")
    catalogue.sources.keep_state("x", {"tried": time.time() - 2 * HOUR})
    assert len(look()) == 1
    assert len(look(AGAIN_SECONDS / 2)) == 1
    assert len(look(AGAIN_SECONDS + 60)) == 2


def test_what_a_harvest_of_ours_brought_is_indexed_once(catalogue, jobs, look):
    note(catalogue, every="1")
    catalogue.sources.keep_state("x", {"tried": time.time() - 2 * HOUR})
    index = ("index", ("index",))
    assert len(look()) == 1
    catalogue.sources.keep_state("x", {"tried": time.time()})
    assert index not in look()  # it brought nothing
    catalogue.resources.create(Resource(id="new", title="New"))
    assert look().count(index) == 1
    assert look().count(index) == 1
    # None saw the end of that one, and nothing else has brought the index up to date.
    assert look(AGAIN_SECONDS + 60).count(index) == 2


def test_what_someone_else_harvested_is_theirs_to_index(catalogue, jobs, look):
    jobs.start("harvest", ("harvest",), "Amina")
    catalogue.resources.create(Resource(id="new", title="New"))
    assert look() == [("harvest", ("harvest",))]


def test_of_several_servers_one_starts_it(catalogue, look):
    note(catalogue, every="1")
    assert look(2 * HOUR, is_first=False) == []
    assert len(look(2 * HOUR)) == 1
