import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.encoders.vector_store import VectorStore
from tests.beyond_memory import write_database_beyond_memory
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[3]
SETUP = (
    "import sys; from pathlib import Path; from models.encoders.vector_store import VectorStore;"
    "store = VectorStore(Path(sys.argv[1]), 8);"
)


def start(code, *arguments):
    return subprocess.Popen([sys.executable, "-c", SETUP + code, *map(str, arguments)], cwd=ROOT)


def vectors(*numbers):
    return {bytes([number]) * 32: number.to_bytes(8) for number in numbers}


@pytest.fixture
def store(tmp_path):
    return VectorStore(tmp_path / "vectors" / "a.sqlite", 8)


def test_what_is_written_is_read_by_another_store_on_the_same_file(store):
    store.write(vectors(1, 2))
    other = VectorStore(store.file, 8)
    assert other.read(list(vectors(1, 2, 3))) == vectors(1, 2)


def test_reading_makes_no_file(store):
    assert store.read(list(vectors(1))) == {}
    assert not store.file.parent.exists()


def test_more_keys_than_a_query_takes_are_read(store):
    many = {number.to_bytes(32): number.to_bytes(8) for number in range(40_000)}
    store.write(many)
    assert store.read(list(many)) == many


def test_a_vector_of_another_length_is_not_known(store):
    store.write({b"k": b"short"})
    assert store.read([b"k"]) == {}


def test_writing_again_replaces(store):
    store.write({b"k": b"1" * 8})
    store.write({b"k": b"2" * 8})
    assert store.read([b"k"]) == {b"k": b"2" * 8}


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\1" * 5000]
)
def test_a_file_that_is_no_database_is_set_aside_and_begun_again(store, caplog, content):
    store.file.parent.mkdir()
    store.file.write_bytes(content)
    assert store.read(list(vectors(1))) == {}
    assert "set aside" in caplog.text
    store.write(vectors(1))
    assert store.read(list(vectors(1))) == vectors(1)
    (aside,) = store.file.parent.glob("*.damaged-*")
    assert aside.read_bytes() == content


def test_a_damaged_page_is_set_aside_and_begun_again(store, caplog):
    many = {number.to_bytes(32): number.to_bytes(8) for number in range(5000)}
    store.write(many)
    content = bytearray(store.file.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    store.file.write_bytes(content)
    assert store.read(list(many)) == {}
    assert "set aside" in caplog.text
    store.write(many)
    assert store.read(list(many)) == many


def test_damage_that_sqlite_cannot_put_into_words_is_set_aside(store):
    store.write({b"key": b"8 bytes."})
    content = store.file.read_bytes()
    assert b"CREATE TABLE vectors" in content
    store.file.write_bytes(content.replace(b"CREATE TABLE vectors", b"CREATE TABL\xff vector\xfe"))
    assert store.read([b"key"]) == {}
    store.write({b"key": b"8 bytes."})
    assert store.read([b"key"]) == {b"key": b"8 bytes."}


def test_a_length_beyond_all_memory_is_set_aside(store, caplog):
    write_database_beyond_memory(store.file)
    assert store.read([b"key"]) == {}
    assert "beyond all memory" in caplog.text
    store.write({b"key": b"8 bytes."})
    assert store.read([b"key"]) == {b"key": b"8 bytes."}


def test_the_table_of_somebody_else_is_set_aside(store):
    store.file.parent.mkdir()
    with sqlite3.connect(store.file) as connection:
        connection.execute("CREATE TABLE vectors (name TEXT)")
    connection.close()
    store.write(vectors(1))
    store.write(vectors(1))
    assert store.read(list(vectors(1))) == vectors(1)


def test_a_file_that_another_process_has_replaced_is_not_set_aside(store):
    store.file.parent.mkdir()
    store.file.write_bytes(b"damaged" * 1000)
    seen = store._inode()
    store.file.rename(store.file.with_suffix(".moved"))
    VectorStore(store.file, 8).write(vectors(1))
    store._set_aside(seen, sqlite3.DatabaseError("seen before it was replaced"))
    assert store.read(list(vectors(1))) == vectors(1)


def test_a_folder_that_cannot_be_made_stops_the_keeping_with_one_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    store = VectorStore(tmp_path / "file" / "a.sqlite", 8)
    store.write(vectors(1))
    store.write(vectors(1))
    assert store.read(list(vectors(1))) == {}
    assert caplog.text.count("no longer kept") == 1


def test_a_full_disk_stops_the_keeping_and_keeps_what_is_there(store):
    store.write(vectors(1))
    full = start(
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        "[store.write({bytes([n, m]) * 16: bytes(8) for m in range(200)}) for n in range(50)];"
        "assert store._stopped",
        store.file,
    )
    assert full.wait(PATIENCE) == 0
    assert store.read(list(vectors(1))) == vectors(1)
    store.write(vectors(2))
    assert store.read(list(vectors(1, 2))) == vectors(1, 2)


def test_processes_that_begin_a_file_at_once_lose_nothing(store):
    code = (
        "n = int(sys.argv[2]);"
        "[store.write({bytes([n, m]) * 16: bytes([n]) * 8}) for m in range(50)];"
        "assert not store._stopped"
    )
    running = [start(code, store.file, number) for number in range(6)]
    assert [process.wait(PATIENCE) for process in running] == [0] * 6
    keys = [bytes([number, step]) * 16 for number in range(6) for step in range(50)]
    assert len(store.read(keys)) == 300
    assert not list(store.file.parent.glob("*.damaged-*"))


def test_a_kill_between_writes_keeps_all_that_was_written(store):
    code = "[(store.write({n.to_bytes(32): bytes(8)}), print(n, flush=True)) for n in range(10**6)]"
    command = [sys.executable, "-c", SETUP + code, str(store.file)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    last = [process.stdout.readline() for _ in range(20)][-1]
    time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    keys = [number.to_bytes(32) for number in range(int(last) + 1)]
    assert len(store.read(keys)) == 20
