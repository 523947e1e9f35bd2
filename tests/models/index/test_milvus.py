import json
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from pymilvus import MilvusClient

from data.errors import GatewaysError, UnavailableError
from data.settings import load_settings
from models.index import Milvus, drop_collections, load_index, make_index, milvus_of
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]
ALONE = ["unshare", "--map-root-user", "--net"]
GONE = "http://127.0.0.1:9"  # nothing listens on the port of the discard protocol


@pytest.fixture
def vectors():
    found = np.random.default_rng(0).standard_normal((300, 8)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def saved(vectors, folder, milvus):
    names = [f"v{row}" for row in range(len(vectors))]
    path = folder / "index.faiss"
    return load_index(path, make_index(names, vectors, "milvus", milvus).save(path), milvus)


def test_a_graph_of_milvus_finds_nearly_all_that_is_near(vectors, tmp_path, milvus, monkeypatch):
    monkeypatch.setattr("models.index.milvus.FLAT_UP_TO", 0)
    rows, _ = saved(vectors, tmp_path, milvus).search(vectors[:50], 10)
    best = np.argsort(-(vectors[:50] @ vectors.T), axis=1)[:, :10]
    right = [len(set(mine) & set(one)) for mine, one in zip(rows, best, strict=True)]
    assert np.mean(right) > 9.9


def test_more_than_milvus_answers_at_once_is_found_in_parts(vectors, tmp_path, milvus, monkeypatch):
    for module in ("milvus", "collection"):
        monkeypatch.setattr(f"models.index.{module}.MOST_AT_ONCE", 70)
    monkeypatch.setattr("models.index.milvus.READ_AT_ONCE", 70)
    index = saved(vectors, tmp_path, milvus)
    for allowed in (None, np.arange(300) % 2 == 0):
        rows, _ = index.search(vectors[:3], 200, allowed)
        products = vectors[:3] @ vectors.T
        if allowed is not None:
            products = np.where(allowed, products, -2)
        best = np.argsort(-products, axis=1)[:, : 200 if allowed is None else 150]
        assert rows[:, : best.shape[1]].tolist() == best.tolist()
    assert np.allclose(index.vectors(np.arange(300)), vectors)


def test_what_has_gone_is_said_with_what_mends_it(vectors, tmp_path, milvus):
    index = saved(vectors, tmp_path, milvus)
    drop_collections(tmp_path, milvus)
    drop_collections(tmp_path, milvus)  # as after a kill in between
    for ask in (lambda: index.search(vectors[:1], 1), lambda: index.vectors(np.array([0]))):
        with pytest.raises(UnavailableError, match=r"no collection gateways_.* --rebuild"):
            ask()


def test_a_milvus_that_does_not_answer_is_said_with_its_address_and_no_secret(vectors, tmp_path):
    gone = Milvus(GONE, "root:secret")
    with pytest.raises(UnavailableError, match=f"Milvus at {GONE} .* set GATEWAYS_MILVUS") as told:
        saved(vectors, tmp_path, gone)
    assert "secret" not in str(told.value)


def test_what_is_killed_before_it_is_whole_is_known_by_name(vectors, tmp_path, milvus, monkeypatch):
    monkeypatch.setattr("pymilvus.MilvusClient.load_collection", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        saved(vectors, tmp_path, milvus)
    monkeypatch.undo()
    name = json.loads((tmp_path / "index.milvus").read_text())["collection"]
    assert name in collections(milvus)
    drop_collections(tmp_path, milvus)
    assert name not in collections(milvus)


def collections(milvus):
    return MilvusClient(milvus.address).list_collections()


@pytest.mark.parametrize(
    "address", ["127.0.0.1:19530", "http://root:secret@127.0.0.1:19530", "vectors", "a b.db"]
)
def test_an_address_that_milvus_cannot_have_is_refused(address):
    with pytest.raises(GatewaysError, match="milvus"):
        load_settings(milvus=address)


def test_settings_name_a_milvus_and_keep_its_token_to_themselves():
    settings = load_settings(milvus="http://127.0.0.1:19530", milvus_token="root:of-nobody")
    assert milvus_of(settings).address == "http://127.0.0.1:19530"
    assert "of-nobody" not in repr(settings)
    assert milvus_of(load_settings()) is None


def test_indexes_share_one_connection_to_a_milvus_for_as_long_as_there_are_any():
    settings = load_settings(milvus=GONE, milvus_token="root:of-nobody")
    first = milvus_of(settings)
    assert milvus_of(settings.model_copy()) is first
    assert milvus_of(load_settings(milvus=GONE)) is not first
    gone = weakref.ref(first)
    del first
    assert gone() is None


def test_an_index_in_a_milvus_that_is_not_named_says_which_setting_is_missing(
    vectors, tmp_path, milvus
):
    saved(vectors, tmp_path, milvus)
    for ask in (
        lambda: make_index(["a"], vectors[:1], "milvus"),
        lambda: load_index(tmp_path / "index.faiss", ["a"]),
        lambda: drop_collections(tmp_path, None),
    ):
        with pytest.raises(UnavailableError, match="GATEWAYS_MILVUS"):
            ask()


@pytest.mark.slow  # a server starts, and puts what it is sent in order
def test_a_real_server_searches_filters_refuses_and_goes(tmp_path):
    pytest.importorskip("milvus", reason="there is no server for this system")
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network of its own can be had here, and its server listens to all")
    script = ROOT / "tests" / "models" / "index" / "real_milvus.py"
    done = subprocess.run(
        [*ALONE, sys.executable, script, tmp_path],
        cwd=ROOT,
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
