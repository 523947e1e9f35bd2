"""A real catalogue to test on: one in SQLite, and one in PostgreSQL."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event

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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    else:
        with request.getfixturevalue("postgresql").database() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue_url(request, tmp_path):
    """A new catalogue."""
    if request.param == "sqlite":
        file = tmp_path / "catalogue.sqlite"
        file.write_bytes(request.getfixturevalue("empty_database"))
        yield f"sqlite:///{file}"
    else:
        with request.getfixturevalue("postgresql").catalogue() as url:
            yield url


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """The bytes of a new SQLite catalogue: a copy is quicker than a migration."""
    file = tmp_path_factory.mktemp("empty") / "catalogue.sqlite"
    Catalogue.open(f"sqlite:///{file}").close()
    return file.read_bytes()


@pytest.fixture
def catalogue(catalogue_url):
    with Catalogue.open(catalogue_url) as opened:
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
