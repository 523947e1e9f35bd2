"""Two local workers. Ray takes seconds to start, so that they are started once for all tests."""

import importlib
import ipaddress
import os
import pickle
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from data.errors import GatewaysError
from models.workers.ray_pool import FEW, RayPool, _Worker
from models.workers.ray_runtime import Room, disconnect, room_for

pytestmark = pytest.mark.slow

PARTS = [[f"word {4 * part + place}" for place in range(4)] for part in range(12)]


@pytest.fixture(scope="module")
def at_work():
    """Work in a module that workers find, as they find the program."""
    with pytest.MonkeyPatch.context() as patch:
        here = str(Path(__file__).parent)
        patch.syspath_prepend(here)
        patch.setenv("PYTHONPATH", here, prepend=os.pathsep)
        yield importlib.import_module("at_work")


@pytest.fixture(scope="module")
def pool(at_work):
    yield RayPool(workers=2, address="local", threads=1)
    disconnect()


@pytest.fixture(scope="module")
def run_with_a_death(pool, at_work, tmp_path_factory):
    """What came back, what was told of it, and who listened meanwhile."""
    work = at_work.ShoutedAfterADeath(tmp_path_factory.mktemp("death") / "died")
    told, done, listening = [], {}, set()
    for place, made in pool(work, PARTS, told.append):
        listening = listening or _listening()
        done[place] = made
    return done, told, listening


def test_each_part_comes_back_with_its_place_though_a_worker_died(run_with_a_death):
    done, told, _ = run_with_a_death
    assert done == {place: [word.upper() for word in part] for place, part in enumerate(PARTS)}
    assert told == [4] * len(PARTS)


def test_nothing_listens_to_another_address_than_127_0_0_1(run_with_a_death):
    _, _, listening = run_with_a_death
    assert listening
    for address in map(ipaddress.ip_address, listening):
        assert (getattr(address, "ipv4_mapped", None) or address).is_loopback


def test_more_workers_than_there_are_cores_are_as_many_as_cores(
    pool, at_work, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    (tmp_path / "died").touch()
    many = RayPool(workers=64, address="local", threads=1)
    assert len(list(many(at_work.ShoutedAfterADeath(tmp_path / "died"), PARTS))) == len(PARTS)
    assert "2 where 64 were asked for" in caplog.text
    assert room_for(64, 1) == Room(workers=2, cores=1)


def test_a_worker_larger_than_every_machine_is_refused_at_once(pool, run_with_a_death):
    with pytest.raises(GatewaysError, match=r"asks for 3 cores, and the largest .* has 2"):
        room_for(1, 3)


def test_what_a_worker_refuses_is_one_message(pool, at_work):
    with pytest.raises(
        GatewaysError, match=r"a worker on \S+ failed: there is no such model"
    ) as it:
        list(pool(at_work.refusing, PARTS))
    assert "\n" not in str(it.value)


def test_work_that_kills_every_worker_ends(pool, at_work, monkeypatch):
    monkeypatch.setattr("models.workers.ray_pool.AGAIN", 0)
    with pytest.raises(GatewaysError, match="tried 1 times"):
        list(pool(at_work.deadly, PARTS))


def test_a_batch_is_embedded_and_aligned_as_in_one_process(
    pool, run, labelled_folder, tiny_folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("GATEWAYS_ENCODER", str(tiny_folder))
    monkeypatch.setenv("GATEWAYS_BACKEND", "onnx")
    monkeypatch.setenv("GATEWAYS_THREADS", "1")
    monkeypatch.setattr("models.encoders.vector_cache.ENCODE_SLICE", 16)
    monkeypatch.setattr("models.alignment.batch.SLICE", 16)
    asked = ("align", "--dataset", labelled_folder(splits=("test",)), "--out")
    home = tmp_path / "home"
    assert run(*asked, tmp_path / "alone.csv")[0] == 0
    alone = _kept(home)
    shutil.rmtree(home / "vectors")
    assert run(*asked, tmp_path / "spread.csv", "--workers", 2)[0] == 0
    assert (tmp_path / "spread.csv").read_text() == (tmp_path / "alone.csv").read_text()
    assert len(alone) > 16 * FEW
    assert _kept(home) == alone
    assert list((home / "aligning").iterdir()) == []


def _kept(home):
    """The vectors in the cache, as bytes by key."""
    (file,) = (home / "vectors").glob("*.sqlite")
    with closing(sqlite3.connect(file)) as connection:
        return dict(connection.execute("SELECT * FROM vectors"))


def test_what_breaks_in_a_worker_is_named():
    (made,) = _Worker(pickle.dumps(len))({"place": np.array([0]), "part": [b"no pickle"]})["made"]
    failure = pickle.loads(made)
    assert failure.said.startswith("UnpicklingError: ")


def _listening():
    ours = [psutil.Process(), *psutil.Process().children(recursive=True)]
    sockets = []
    for process in ours:
        with suppress(psutil.NoSuchProcess):  # some have ended already
            sockets += process.net_connections("inet")
    return {each.laddr.ip for each in sockets if each.status == psutil.CONN_LISTEN}
