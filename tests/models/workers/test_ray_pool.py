"""Two local workers. Ray takes seconds to start, so that they are started once for all tests."""

import importlib
import ipaddress
import os
from pathlib import Path

import numpy as np
import psutil
import pytest

from data.errors import GatewaysError
from models.encoders import load_encoder
from models.workers.ray_pool import AGAIN, RayPool
from models.workers.ray_runtime import disconnect

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


def test_each_part_comes_back_with_its_place_and_is_counted(pool, at_work):
    told = []
    done = dict(pool(at_work.shouted, PARTS, told.append))
    assert done == {place: [word.upper() for word in part] for place, part in enumerate(PARTS)}
    assert told == [4] * len(PARTS)


def test_nothing_listens_to_another_address_than_127_0_0_1(pool, at_work):
    list(pool(at_work.shouted, PARTS))
    ours = [psutil.Process(), *psutil.Process().children(recursive=True)]
    sockets = [each for process in ours for each in process.net_connections("inet")]
    listening = {each.laddr.ip for each in sockets if each.status == psutil.CONN_LISTEN}
    assert listening
    for address in map(ipaddress.ip_address, listening):
        assert (getattr(address, "ipv4_mapped", None) or address).is_loopback


def test_what_a_worker_refuses_is_one_message(pool, at_work):
    with pytest.raises(
        GatewaysError, match=r"a worker on \S+ failed: there is no such model"
    ) as it:
        list(pool(at_work.refusing, PARTS))
    assert "\n" not in str(it.value)


def test_what_breaks_in_a_worker_is_named(pool, at_work):
    with pytest.raises(GatewaysError, match="failed: TypeError: unsupported operand"):
        list(pool(at_work.broken, PARTS))


def test_a_worker_that_dies_is_replaced_and_its_part_is_tried_again(pool, at_work, tmp_path):
    done = dict(pool(at_work.DyingOnce(tmp_path / "died"), PARTS))
    assert done == dict(enumerate(PARTS))


def test_work_that_kills_every_worker_ends(pool, at_work):
    with pytest.raises(GatewaysError, match=f"tried {AGAIN + 1} times"):
        list(pool(at_work.deadly, PARTS))


def test_vectors_are_those_of_one_process_and_are_kept(pool, tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("models.vector_cache.ENCODE_SLICE", 16)
    texts = [f"text {'of words ' * (number % 7)}{number % 150}" for number in range(180)]
    alone = load_encoder(str(tiny_folder), tmp_path).encode(texts)
    told = []
    spread = load_encoder(str(tiny_folder), tmp_path, 0, tmp_path / "vectors", pool)
    np.testing.assert_allclose(spread.encode(texts, told.append), alone, atol=1e-5)
    assert sum(told) == len(texts)
    again = load_encoder(str(tiny_folder), tmp_path, 0, tmp_path / "vectors", lambda *_: iter(()))
    np.testing.assert_allclose(again.encode(texts), alone, atol=1e-5)


def test_a_batch_is_aligned_as_in_one_process(
    pool, run, labelled_folder, tiny_folder, tmp_path, monkeypatch
):
    monkeypatch.setenv("GATEWAYS_ENCODER", str(tiny_folder))
    monkeypatch.setenv("GATEWAYS_THREADS", "1")
    monkeypatch.setattr("models.workers.ranking.SLICE", 16)
    asked = ("align", "--dataset", labelled_folder(splits=("test",)), "--out")
    assert run(*asked, tmp_path / "alone.csv")[0] == 0
    assert run(*asked, tmp_path / "spread.csv", "--workers", 2)[0] == 0
    assert (tmp_path / "spread.csv").read_text() == (tmp_path / "alone.csv").read_text()
    assert list((tmp_path / "home" / "aligning").iterdir()) == []
