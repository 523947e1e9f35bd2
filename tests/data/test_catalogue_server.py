"""A database server that cannot be used says so in words that help, and a lost one comes back."""

import threading

import psycopg
import pytest
from sqlalchemy import select, text

from data.catalogue import Catalogue
from data.catalogue import engine as engine_module
from data.catalogue.tables import resources
from data.errors import ConflictError, GatewaysError, UnavailableError
from data.importing.importer import import_document
from data.records import Decision, Resource, Verdict
from tests.postgresql import END_OTHERS


@pytest.fixture
def url(postgresql):
    with postgresql.catalogue() as made:
        yield made


@pytest.fixture
def server_side(url, document):
    """A catalogue on a server, with more resources than are fetched at a time."""
    with Catalogue.open(url) as opened:
        import_document(opened, document(*(Resource(id=f"r{n}", title="t") for n in range(2500))))
        yield opened


def say(url, statement):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


def test_a_database_that_is_not_there_is_named(url):
    with pytest.raises(GatewaysError, match=r"/none\?.*no such database or user"):
        Catalogue.open(url.rpartition("/gateways_")[0] + "/none?" + url.partition("?")[2])


@pytest.mark.parametrize("options", ["LOCALE 'C'", "LOCALE 'C' ENCODING 'SQL_ASCII'"])
def test_a_database_that_knows_the_letters_of_ascii_alone_is_refused_as_it_is(postgresql, options):
    with (
        postgresql.database(options=f"TEMPLATE template0 {options}") as url,
        pytest.raises(GatewaysError, match="make another one: CREATE DATABASE"),
    ):
        Catalogue.open(url)


def test_a_user_who_may_not_read_is_told_so(url):
    say(url, "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN")
    with pytest.raises(GatewaysError, match="let the database belong to the user"):
        Catalogue.open(url.replace("//postgres:", "//guest:"))


def test_every_text_is_in_the_order_of_its_characters(server_side):
    ordered = text(
        "SELECT DISTINCT collation_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'text'"
    )
    with server_side._store.reading() as connection:
        assert connection.execute(ordered).scalars().all() == ["C"]


def test_a_writer_that_does_not_end_is_named_and_reading_goes_on(url, monkeypatch):
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.05)
    with Catalogue.open(url) as catalogue, Catalogue.open(url) as other:
        with other._store.writing():
            with pytest.raises(UnavailableError, match="another process has been writing"):
                catalogue.resources.create(Resource(id="r", title="t"))
            assert catalogue.counts()["resources"] == 0
        catalogue.resources.create(Resource(id="r", title="t"))


def test_connections_that_the_server_ended_are_made_anew(server_side, url):
    before = server_side.revision()
    say(url, END_OTHERS)
    assert server_side.revision() == before
    server_side.resources.create(Resource(id="new", title="t"))


def test_a_server_lost_in_the_middle_is_named_and_nothing_is_half_done(server_side, url):
    stream = server_side.resources.live()
    next(stream)
    writing = server_side._store.writing()
    connection = writing.__enter__()
    connection.execute(resources.update().values(title="changed"))
    say(url, END_OTHERS)
    with pytest.raises(UnavailableError, match="does not answer"):
        list(stream)
    with pytest.raises(UnavailableError, match="does not answer") as raised:
        try:
            connection.execute(select(resources.c.id))
        except Exception as error:
            writing.__exit__(type(error), error, error.__traceback__)
            raise
    assert "postgres:@" not in str(raised.value)
    assert {one.title for one in server_side.resources.live()} == {"t"}


def test_what_no_text_of_a_server_may_hold_is_found_nowhere_and_not_a_fault_of_ours(server_side):
    with pytest.raises(GatewaysError, match=r"cannot be kept there: .*NUL"):
        server_side.resources.get("r\0")


def test_nothing_is_written_by_a_transaction_that_reads(server_side):
    with pytest.raises(GatewaysError), server_side._store.reading() as connection:
        connection.execute(resources.update().values(title="changed"))


def test_of_two_processes_that_undo_one_decision_one_is_told_that_it_does_not_stand(
    small, catalogue_url
):
    said = {"resource": "r1", "outcome": "a", "curator": "ann", "time": 1.0}
    made = small.ledger.decide(Decision(verdict=Verdict.REJECT, **said))
    start, found = threading.Barrier(2), []

    def undo():
        with Catalogue.open(catalogue_url) as own:
            start.wait()
            try:
                found.append(own.ledger.undo(made.id, "ann", 2.0).verdict)
            except ConflictError as error:
                found.append(str(error))

    threads = [threading.Thread(target=undo) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"decision {made.id} does not stand any more", "undo"]


def test_one_transaction_reads_one_state_whatever_others_write_meanwhile(small, catalogue_url):
    counted = select(resources.c.id)
    with Catalogue.open(catalogue_url) as other, small._store.reading() as connection:
        before = connection.execute(counted).all()
        other.resources.create(Resource(id="new", title="t"))
        assert connection.execute(counted).all() == before
    assert small.resources.get("new")
