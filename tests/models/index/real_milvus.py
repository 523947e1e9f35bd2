"""Asks a real Milvus; `test_milvus.py` runs this where nobody else can reach it.

Its server listens on every address, whatever it is told: hence a network of its own.
"""

import fcntl
import socket
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from milvus import MilvusServer

import models.index.milvus
from data.errors import UnavailableError
from models.index import Milvus, drop_collections, load_index, make_index

ROWS, DIMENSION = 3000, 32
UP = 0x1 | 0x40  # IFF_UP | IFF_RUNNING
SET_FLAGS = 0x8914  # SIOCSIFFLAGS
FIRST = np.array([0])


def set_loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, SET_FLAGS, struct.pack("16sH14x", b"lo", UP))


def search(index, vectors):
    products = vectors[:50] @ vectors.T
    for share in (1.0, 0.5, 0.01):
        allowed = np.random.default_rng(1).random(ROWS) < share
        best = np.argsort(-np.where(allowed, products, -2), axis=1)[:, :10]
        rows, scores = index.search(vectors[:50], 10, None if share == 1 else allowed)
        assert np.mean([len(set(a) & set(b)) for a, b in zip(rows, best, strict=True)]) > 9.9
        assert np.allclose(scores, np.take_along_axis(products, rows, axis=1), atol=1e-3)
    assert np.allclose(index.vectors(np.array([7, 0, 7])), vectors[[7, 0, 7]])


def main(folder):
    set_loopback_up()
    vectors = np.random.default_rng(0).standard_normal((ROWS, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    server = MilvusServer()
    server.config.update(data_dir=str(folder / "server"))
    server.config.configurable_items["authorization_enabled"][1] = True
    server.start()
    address = f"http://127.0.0.1:{server.listen_port}"
    milvus = Milvus(address, "root:Milvus")
    try:
        models.index.milvus.FLAT_UP_TO = 0  # a graph, as for many
        models.index.milvus.ANSWER_SECONDS = 60.0  # a busy machine is slow
        index = make_index([f"v{row}" for row in range(ROWS)], vectors, "milvus", milvus)
        ids = index.save(folder / "index")
        index = load_index(folder / "index", ids, milvus)
        search(index, vectors)
        mistaken = load_index(folder / "index", ids, Milvus(address, "root:mistaken"))
        with pytest.raises(UnavailableError, match=f"Milvus at {address} cannot be used") as told:
            mistaken.vectors(FIRST)
        assert "mistaken" not in str(told.value)
    finally:
        server.stop()
    with pytest.raises(UnavailableError, match="start it, or set GATEWAYS_MILVUS"):
        index.vectors(FIRST)
    server.config.resolve = lambda: None  # it shall have the ports that it had
    server.start()
    try:
        search(index, vectors)  # which nobody told that it is back
        drop_collections(folder, milvus)
        with pytest.raises(UnavailableError, match="index --rebuild"):
            index.vectors(FIRST)
    finally:
        server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
