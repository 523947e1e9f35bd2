"""Which index is to be served, and by whom; and who alone may publish one."""

import subprocess
import sys
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.catalogue.servers import Server, Wanted
from data.errors import ConflictError
from tests.patience import until

ROOT = Path(__file__).parents[2]
HOLDING = """
import sys, time
from data.catalogue import Catalogue
with Catalogue.open(sys.argv[1]) as catalogue, catalogue.alone("index"):
    print("held", flush=True)
    time.sleep(600)
"""


def server(name="a", port=1, seen=1.0, **fields):
    stated = {"host": "here", "index": "x", "model": "m", "why": None} | fields
    return Server(id=name, port=port, seen=seen, **stated)


def test_one_index_is_wanted_the_last_that_was_said(catalogue):
    assert catalogue.servers.wanted() is None
    catalogue.servers.want("a", host="one", now=1.0)
    catalogue.servers.want("b", host="two", now=2.0)
    catalogue.servers.want("b", host="three", now=3.0)
    assert catalogue.servers.wanted() == Wanted(index="b", host="two", since=2.0)


def test_a_process_has_one_row_and_takes_the_place_of_one_that_listened_where_it_does(catalogue):
    for said in (server("a"), server("b", port=2), server("a", seen=2.0, index="y")):
        catalogue.servers.report(said)
    assert [one.index for one in catalogue.servers.all(2.0)] == ["y", "x"]
    catalogue.servers.report(server("c", seen=3.0))
    assert [one.id for one in catalogue.servers.all(3.0)] == ["c", "b"]


def test_what_a_process_says_changes_no_revision(catalogue):
    before = catalogue.teaching_mark()
    catalogue.servers.report(server())
    catalogue.servers.want("a", host="here", now=1.0)
    assert catalogue.teaching_mark() == before


@pytest.fixture
def on_server(postgresql):
    with postgresql.catalogue() as url:
        yield url


def test_a_process_tells_what_it_serves_while_another_writes(on_server):
    with Catalogue.open(on_server) as one, Catalogue.open(on_server) as other:
        with one._store.writing():
            other.servers.report(server())
        assert len(one.servers.all(1.0)) == 1


def test_two_do_not_publish_at_once_and_the_second_is_told_who_does(on_server):
    with Catalogue.open(on_server) as one, Catalogue.open(on_server) as other:
        with one.alone("index"):
            refused = pytest.raises(ConflictError, match=r"gateways index, process \d+ on .*since")
            with refused, other.alone("index"):
                pass
        with other.alone("index"):
            pass


def test_a_process_that_is_killed_lets_go(on_server):
    command = [sys.executable, "-c", HOLDING, on_server]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as holder,
        Catalogue.open(on_server) as catalogue,
    ):
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ConflictError, match=str(holder.pid)), catalogue.alone("index"):
            pass
        holder.kill()
        holder.wait()
        until(lambda: _is_free(catalogue))


def _is_free(catalogue):
    try:
        with catalogue.alone("index"):
            return True
    except ConflictError:
        return False
