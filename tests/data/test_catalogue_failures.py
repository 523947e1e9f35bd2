"""A database that cannot be used says so in words that help."""

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading

import pytest
from sqlalchemy.exc import IntegrityError

from data.catalogue import Catalogue
from data.catalogue import engine as engine_module
from data.catalogue.rows import entry_of
from data.catalogue.tables import outcomes
from data.errors import GatewaysError, UnavailableError
from data.importing.importer import import_document
from data.records import Decision, Outcome, Resource, Verdict
from tests.beyond_memory import write_database_beyond_memory
from tests.patience import PATIENCE

LONG = "x" * 100_000


def url_of(path):
    return f"sqlite:///{path}"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "home" / "catalogue.sqlite"


def test_the_folder_is_made_and_the_file_is_in_wal_mode(file):
    Catalogue.open(url_of(file)).close()
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no url at all", "database_url"),
        ("mysql://host/db", "mysql is not spoken here"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("postgresql+nosuchdriver://h/d", "database_url"),
        ("postgresql+pg8000://h/d", "pip install pg8000"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url, said):
    with pytest.raises(GatewaysError, match=said):
        Catalogue.open(url)


def test_a_file_that_is_no_database_is_refused_and_left_alone(file):
    file.parent.mkdir()
    file.write_bytes(b"this is a letter to my aunt, and no database" * 100)
    before = file.read_bytes()
    with pytest.raises(GatewaysError, match=f"{file}: the file is damaged"):
        Catalogue.open(url_of(file))
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"CREATE TABLE resources", b"CREATE TABL\xff resource\xfe"),
        (b"tableresourcesresources", b"tableres\xfe\xffrcesresources"),
    ],
)
def test_damage_that_sqlite_cannot_put_into_words_is_told_all_the_same(file, there, instead):
    Catalogue.open(url_of(file)).close()
    content = file.read_bytes()
    assert there in content
    file.write_bytes(content.replace(there, instead))
    with pytest.raises(GatewaysError, match=f"{file}: the file is damaged"):
        Catalogue.open(url_of(file))


def test_a_length_beyond_all_memory_is_told_all_the_same(file):
    write_database_beyond_memory(file)
    with pytest.raises(UnavailableError, match=f"{file}: .* memory .*gateways restore"):
        Catalogue.open(url_of(file))


def test_a_damaged_file_is_named(file, document):
    with Catalogue.open(url_of(file)) as catalogue:
        rows = [Resource(id=f"r{n}", title="t", text="word " * 500) for n in range(200)]
        import_document(catalogue, document(*rows))
    content = bytearray(file.read_bytes())
    half = len(content) // 2  # the schema is in the first
    content[half:-4096] = os.urandom(len(content) - half - 4096)
    file.write_bytes(content)
    with Catalogue.open(url_of(file)) as catalogue:
        assert catalogue.damage is None
        with pytest.raises(UnavailableError, match="damaged") as met:
            list(catalogue.resources.live())
        assert catalogue.damage == str(met.value)


def test_a_folder_in_the_way_is_named(file):
    file.mkdir(parents=True)
    with pytest.raises(GatewaysError, match="cannot be opened"):
        Catalogue.open(url_of(file))


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(GatewaysError, match="folder cannot be made"):
        Catalogue.open(url_of(tmp_path / "home" / "catalogue.sqlite"))


def test_a_full_disk_keeps_what_was_finished_and_says_so(file, document, monkeypatch):
    rows = [Resource(id=f"r{n:04}", title="t", text=LONG[:2000]) for n in range(3000)]
    prepare = engine_module._prepare_sqlite

    def on_a_small_disk(connection, record):
        prepare(connection, record)
        connection.execute("PRAGMA max_page_count = 1200")

    monkeypatch.setattr(engine_module, "_prepare_sqlite", on_a_small_disk)
    with (
        Catalogue.open(url_of(file)) as catalogue,
        pytest.raises(GatewaysError, match="disk is full"),
    ):
        import_document(catalogue, document(*rows))
    monkeypatch.setattr(engine_module, "_prepare_sqlite", prepare)
    with Catalogue.open(url_of(file)) as catalogue:
        kept = [one.id for one in catalogue.resources.live()]
        assert kept == [f"r{n:04}" for n in range(1000)]
        report = import_document(catalogue, document(*rows))
        assert (report.counts["resources"].new, report.counts["resources"].unchanged) == (
            2000,
            1000,
        )


def test_a_writer_that_does_not_end_is_named(file, monkeypatch):
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    with Catalogue.open(url_of(file)) as catalogue:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GatewaysError, match="another process has been writing"):
            catalogue.resources.create(Resource(id="r", title="t"))
        assert catalogue.counts()["resources"] == 0, "reading goes on meanwhile"
        other.execute("ROLLBACK")
        catalogue.resources.create(Resource(id="r", title="t"))
        other.close()


def test_too_many_readers_at_once_are_told_so(catalogue, document, monkeypatch):
    import_document(catalogue, document(Resource(id="r", title="t")))
    monkeypatch.setattr(catalogue._store._engine.pool, "_timeout", 0.05)
    streams = [catalogue.resources.live() for _ in range(15)]
    assert all(next(stream).id == "r" for stream in streams)
    with pytest.raises(GatewaysError, match="too many"):
        catalogue.revision()
    del streams
    assert catalogue.revision() == 1


def test_a_mistake_of_our_own_is_not_dressed_up_as_the_users(catalogue):
    homeless = entry_of(Outcome(id="o", framework="none", title="t"), "d").values
    with pytest.raises(IntegrityError), catalogue._store.writing() as connection:
        connection.execute(outcomes.insert(), homeless | {"revision": 1})


def test_a_server_that_is_not_there_is_named_without_its_password():
    with pytest.raises(GatewaysError, match="does not answer") as raised:
        Catalogue.open("postgresql+psycopg://someone:secret@127.0.0.1:1/db")
    assert "secret" not in str(raised.value)


def _open_many_times(url, start):
    start.wait()
    for _ in range(3):
        Catalogue.open(url).close()


@pytest.mark.slow
def test_processes_that_open_an_empty_database_together_all_succeed(database_url):
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    workers = [context.Process(target=_open_many_times, args=(database_url, start)) for _ in "123"]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(PATIENCE)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]


@pytest.mark.slow
def test_a_curator_decides_while_another_process_imports(catalogue_url, document):
    with Catalogue.open(catalogue_url) as catalogue:
        import_document(
            catalogue,
            document(
                Outcome(id="o", framework="f", title="t"), Resource(id="r", title="t"), name="first"
            ),
        )
        script = f"""
            from data.catalogue import Catalogue
            from data.importing.importer import import_document
            from data.records import Dataset, Resource
            from data.formats.protocol import Row

            class Many:
                dataset = Dataset(name="many")
                kinds = frozenset({{Resource}})
                def read(self, kind):
                    for n in range(5_000):
                        yield Row(Resource(id=f"m{{n}}", title="t", text="word " * 50), "f", n)

            print("begun", flush=True)
            import_document(Catalogue.open({catalogue_url!r}), Many())
        """
        importing = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE
        )
        importing.stdout.readline()
        decided = 0
        while importing.poll() is None:
            decision = Decision(
                resource="r", outcome="o", verdict=Verdict.DEFER, curator="c", time=float(decided)
            )
            catalogue.ledger.decide(decision)
            decided += 1
        importing.stdout.close()
        assert importing.returncode == 0
        assert decided > 1
        assert len(list(catalogue.ledger.all())) == decided
        assert catalogue.counts()["resources"] == 5_001


def test_threads_share_one_catalogue(catalogue):
    def create(number):
        for place in range(10):
            catalogue.resources.create(Resource(id=f"{number}-{place}", title="t"))
            list(catalogue.resources.live())

    threads = [threading.Thread(target=create, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(catalogue.resources.changed_since(0)) == 60
    assert catalogue.revision() == 60


def test_a_copy_of_the_file_is_a_whole_catalogue(file, document, tmp_path):
    with Catalogue.open(url_of(file)) as catalogue:
        import_document(catalogue, document(Resource(id="r", title="t")))
    shutil.copy(file, tmp_path / "copy.sqlite")
    with Catalogue.open(url_of(tmp_path / "copy.sqlite")) as copy:
        assert copy.resources.get("r").title == "t"
