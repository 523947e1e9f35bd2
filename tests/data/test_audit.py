"""The trail on a real database: complete, guarded, in one order whoever writes."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.catalogue import Catalogue
from data.catalogue.audit_table import Event
from data.catalogue.engine import open_engine
from data.catalogue.keys import Role
from data.records import (
    CorrespondenceDecision,
    Decision,
    Interaction,
    Match,
    Outcome,
    Resource,
    Verdict,
)
from data.records import Event as Did

GUARDS = {"sqlite": "{0}_no_{1}", "postgresql": "{0}_only_added_to"}


@pytest.fixture
def catalogue(catalogue_url, import_, document):
    with Catalogue.open(catalogue_url) as opened:
        import_(
            opened,
            document(
                *(Outcome(id=id_, framework="f", title=id_) for id_ in ("o", "p")),
                *(Resource(id=f"r{n}", title="Sums") for n in range(4)),
            ),
        )
        yield opened


@pytest.fixture
def import_():
    from data.importing.importer import import_document

    return import_document


@pytest.fixture
def tampering(catalogue_url):
    """Run SQL as whoever owns the database can: with the guards taken away."""
    engine = open_engine(catalogue_url)

    def tamper(statement, *tables):
        with engine.begin() as connection:
            for table in tables:
                for change in ("update", "delete"):
                    name = GUARDS[engine.dialect.name].format(table, change)
                    on = "" if engine.dialect.name == "sqlite" else f" ON {table}"
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))
            connection.execute(text(statement))

    yield tamper
    engine.dispose()


def decide(catalogue, resource="r0", verdict=Verdict.ACCEPT, note=""):
    return catalogue.ledger.decide(
        Decision(resource=resource, outcome="o", verdict=verdict, curator="Ada", time=1, note=note)
    )


def events(catalogue):
    return [entry.event for entry in catalogue.audit.entries()]


def test_whatever_is_done_is_told_in_its_order(catalogue):
    decide(catalogue)
    catalogue.crosswalks.decide(
        CorrespondenceDecision(
            outcome="o", other="p", match=Match.EXACT, verdict=Verdict.ACCEPT, curator="A", time=2
        )
    )
    key, _ = catalogue.keys.create("Ada", Role.CURATOR, by="root", now=3)
    catalogue.keys.revoke(key.id, by="root", now=4)
    catalogue.learners.erase("maria", "root", 5)
    catalogue.servers.want("i1", host="here", now=6.0)
    assert events(catalogue) == [
        *(Event.IMPORT, Event.DECISION, Event.CROSSWALK_DECISION, Event.KEY),
        *(Event.KEY_REVOKED, Event.ERASURE, Event.INDEX),
    ]
    assert list(catalogue.audit.faults()) == []


def test_the_trail_names_no_learner_no_curator_and_no_note(catalogue):
    catalogue.interactions.add(
        [("c", Interaction(learner="maria", resource="r0", time=1.0, event=Did.VIEWED))]
    )
    decide(catalogue, note="a secret note")
    catalogue.learners.erase("maria", "root", 5)
    catalogue.keys.create("Ada", Role.CURATOR, by="root", now=3)
    told = "".join(map(str, catalogue.audit.entries()))
    assert not any(word in told for word in ("maria", "Ada", "root", "secret"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET verdict = 'reject'",
        "DELETE FROM decisions",
        "UPDATE audit SET about = '7'",
        "DELETE FROM audit",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_done(catalogue, tampering, statement):
    decide(catalogue)
    with pytest.raises(DBAPIError, match="rows are only ever added"):
        tampering(statement)
    assert list(catalogue.audit.faults()) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE decisions SET verdict = 'reject' WHERE id = 2", ["decision 2 is not what it was"]),
        ("DELETE FROM decisions WHERE id = 2", ["decision 2 is missing"]),
        (
            "INSERT INTO decisions (id, resource, outcome, verdict, note, curator, time, "
            "framework_fingerprint) VALUES (9, 'r0', 'o', 'reject', '', 'Eve', 1, '')",
            ["decision 9 is not in the trail"],
        ),
        ("UPDATE audit SET about = '1' WHERE number = 3", ["entry 3 (decision 1) was changed"]),
        ("DELETE FROM audit WHERE number = 3", ["entry 3 is missing"]),
        (
            "UPDATE keys SET role = 'administrator'",
            ["is not what it was"],
        ),
    ],
)
def test_whoever_takes_the_guards_away_is_found_out(catalogue, tampering, statement, told):
    for number in range(3):
        decide(catalogue, f"r{number}")
    catalogue.keys.create("Ada", Role.CURATOR, by="root", now=3)
    tampering(statement, "audit", "decisions")
    faults = list(catalogue.audit.faults())
    assert all(any(one in fault for fault in faults) for one in told)


def test_a_trail_that_was_cut_off_is_known_by_its_head(catalogue, tampering):
    decide(catalogue)
    head = catalogue.audit.head()
    assert list(catalogue.audit.faults(head.number, head.hash)) == []
    tampering("DELETE FROM decisions", "decisions")
    tampering("DELETE FROM audit WHERE event = 'decision'", "audit")
    assert list(catalogue.audit.faults()) == []
    told = f"entry {head.number} is not the one that was written down"
    assert list(catalogue.audit.faults(head.number, head.hash)) == [told]


def test_several_processes_make_one_chain(catalogue, catalogue_url):
    def work(resource):
        with Catalogue.open(catalogue_url) as other:
            for verdict in (Verdict.ACCEPT, Verdict.REJECT) * 5:
                decide(other, resource, verdict)

    workers = [threading.Thread(target=work, args=(f"r{number}",)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [entry.number for entry in catalogue.audit.entries()] == list(range(1, 32))
    assert list(catalogue.audit.faults()) == []


def test_what_fails_leaves_no_entry(catalogue):
    before = catalogue.audit.head()
    with pytest.raises(Exception, match="not in the catalogue"):
        decide(catalogue, "nothing")
    assert catalogue.audit.head() == before


def test_the_same_settings_are_noted_once(catalogue):
    for port in (1, 1, 2):
        catalogue.audit.note_change(Event.SETTINGS, "here", {"port": port})
    assert events(catalogue).count(Event.SETTINGS) == 2
