"""A real catalogue to test on: SQLite, and PostgreSQL where GATEWAYS_TEST_POSTGRES names one."""

import os
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, event, text

from data.catalogue import Catalogue
from data.formats.protocol import Refusal, Row
from data.importing.importer import NAMES, import_document
from data.records import (
    Alignment,
    Correspondence,
    Dataset,
    Event,
    Interaction,
    Match,
    Outcome,
    Prerequisite,
    Resource,
)

POSTGRES = os.environ.get("GATEWAYS_TEST_POSTGRES")


@dataclass(frozen=True)
class ListDocument:
    """A document of records in memory; a Refusal among them stands for a row that is unreadable."""

    dataset: Dataset
    items: tuple
    empty: tuple = ()

    @property
    def kinds(self):
        return frozenset(
            kind for kind in NAMES if kind in self.empty or list(self.read(kind)) != []
        )

    def read(self, kind):
        for line, item in enumerate(self.items, 1):
            if isinstance(item, kind):
                yield Row(item, "test", line)
            elif isinstance(item, Refusal) and item.file == NAMES[kind][0]:
                yield item


@pytest.fixture
def document():
    """Make a document: document(record, …, name="d", empty=(kind, …), **dataset fields)."""

    def make(*items, name="d", empty=(), **fields):
        return ListDocument(Dataset(name=name, **fields), items, empty)

    return make


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def database_url(request, tmp_path):
    """An empty database. All that is in the one of GATEWAYS_TEST_POSTGRES is dropped for it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    engine = create_engine(POSTGRES)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return POSTGRES


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """The bytes of a new SQLite catalogue: a copy is quicker than a migration."""
    file = tmp_path_factory.mktemp("empty") / "catalogue.sqlite"
    Catalogue.open(f"sqlite:///{file}").close()
    return file.read_bytes()


@pytest.fixture
def catalogue(database_url, tmp_path, empty_database):
    if database_url.startswith("sqlite"):
        (tmp_path / "catalogue.sqlite").write_bytes(empty_database)
    with Catalogue.open(database_url) as opened:
        yield opened


@pytest.fixture
def statements():
    """What is asked of a catalogue's database meanwhile: `with statements(catalogue) as made`."""

    @contextmanager
    def noted(catalogue):
        made = []

        def note(_connection, _cursor, statement, *_):
            made.append(statement)

        engine = catalogue._store._engine
        event.listen(engine, "before_cursor_execute", note)
        yield made
        event.remove(engine, "before_cursor_execute", note)

    return noted


@pytest.fixture
def small(catalogue, document):
    """A catalogue with a little of everything, from dataset d."""
    doc = document(
        Outcome(id="root", framework="f", title="Mathematics", assignable=False, position=1),
        Outcome(id="b", framework="f", parent="root", title="Fractions", code="M2", position=3),
        Outcome(
            id="a",
            framework="f",
            parent="root",
            title="Números ENTEROS",
            description="Contar 100% seguro",
            levels=("Year 1", "Año 2"),
            language="es",
            position=2,
        ),
        Resource(id="r1", title="Ejercicios de FRACCIÓN", language="es", kind="video"),
        Resource(id="r2", title="Halves", description="under_score", language="en"),
        Alignment(resource="r1", outcome="b"),
        Prerequisite(outcome="b", requires="a"),
        Correspondence(outcome="b", other="a", match=Match.RELATED),
        Interaction(learner="l", resource="r1", outcomes=("b",), time=2.0, event=Event.VIEWED),
    )
    report = import_document(catalogue, doc)
    assert report.refused == 0
    return catalogue
