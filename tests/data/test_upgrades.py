"""A catalogue of every earlier schema, as it was filled then, loses nothing when it is upgraded."""

import json

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

import data.migrations
from data.catalogue import Catalogue
from data.catalogue.engine import open_engine
from data.catalogue.schema import HEAD, migrate
from data.records import Verdict

EARLIER = [
    script.revision
    for script in ScriptDirectory(data.migrations.__path__[0]).walk_revisions()
    if script.revision != HEAD
]
RETIRABLE = {"digest": "x", "retired_at": None}
OUTCOME = {
    "framework": "f",
    "parent": None,
    "code": None,
    "dataset": "d",
    "description": "",
    "subject": "maths",
    "levels": '["Year 4"]',
    "language": "en",
    "position": 0,
    "assignable": True,
    "extra": "{}",
    "revision": 1,
    **RETIRABLE,
}
RESOURCE = {
    "title": "t",
    "description": "",
    "text": "",
    "levels": "[]",
    "extra": "{}",
    "dataset": "d",
    "revision": 1,
    **RETIRABLE,
}
SHOWN = json.dumps([{"outcome": "a", "rank": 1, "score": 0.5, "confidence": 0.7, "selected": True}])
DECISION = {"resource": "r", "note": "", "framework_fingerprint": "then"}
INTERACTION = {"resource": "r", "outcomes": '["a"]', "extra": "{}", "dataset": "d"}
# Table → the schema that it came with, and rows of that time.
ROWS = {
    "datasets": ("0001", [{"name": "d", "languages": '["en"]', "extra": "{}"}]),
    "frameworks": ("0001", [{"id": "f", "dataset": "d", "title": "F", "fingerprint": "then"}]),
    "outcomes": ("0001", [{"id": id_, "title": id_.upper(), **OUTCOME} for id_ in "ab"]),
    "resources": ("0001", [{"id": id_, **RESOURCE} for id_ in ("r", "s")]),
    "alignments": (
        "0001",
        [
            {"resource": "r", "outcome": "a", "dataset": "", "relation": "teaches", "agent": "ann"},
        ],
    ),
    "interactions": (
        "0001",
        [
            {"learner": "l", "time": 1.0, "event": "viewed", "digest": "1"},
            {"learner": "l", "time": 2.0, "event": "completed", "digest": "2"},
        ],
    ),
    "showings": (
        "0001",
        [
            {
                "id": "shown",
                "resource": "r",
                "time": 1.0,
                "model": "m",
                "index": "i",
                "frameworks": '{"f": "then"}',
                "shown": SHOWN,
            }
        ],
    ),
    "decisions": (
        "0001",
        [
            {"outcome": "a", "verdict": "accept", "showing": "shown"},
            {"outcome": "b", "verdict": "reject", "reason": "too basic"},
            {"outcome": "b", "verdict": "undo"},
            {"outcome": "b", "verdict": "defer", "note": "später"},
        ],
    ),
    "statements": (
        "0002",
        [
            {"learner": "l", "outcome": "a", "can": 1.0, "voice": "teacher", "time": 3.0},
        ],
    ),
    "lists": ("0004", [{"id": "list", "title": "T", "owner": "o", "items": "[]"}]),
    "keys": ("0004", [{"id": "key", "name": "ann", "role": "curator", "digest": "x"}]),
    "sources": ("0007", [{"name": "s", "kind": "oai", "url": "http://127.0.0.1/", "created": 1.0}]),
    "correspondence_decisions": (
        "0009",
        [
            {"outcome": "a", "other": "b", "match": "exact", "verdict": "accept"},
        ],
    ),
}
ALWAYS = {
    "alignments": {"extra": "{}", "time": 1.0, **RETIRABLE},
    "interactions": INTERACTION | {"retired_at": None},
    "decisions": DECISION | {"curator": "ann", "time": 4.0},
    "statements": {"note": ""},
    "lists": {"note": "", "created": 1.0, "updated": 1.0},
    "keys": {"created": 1.0},
    "sources": {"options": "{}", "state": "{}"},
    "correspondence_decisions": {"note": "", "curator": "ann", "time": 5.0},
}


def made_at(engine, revision, monkeypatch):
    newest = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _: newest(config, revision))
        migrate(engine)


def fill(engine, revision):
    with engine.begin() as connection:
        for table, (since, rows) in ROWS.items():
            for row in rows if since <= revision else ():
                values = ALWAYS.get(table, {}) | row
                names = ", ".join(f'"{name}"' for name in values)
                marks = ", ".join(f":{name}" for name in values)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


@pytest.mark.slow
@pytest.mark.parametrize("revision", EARLIER)
def test_every_decision_of_an_earlier_schema_is_there_after_the_upgrade(
    database_url, revision, monkeypatch
):
    engine = open_engine(database_url)
    made_at(engine, revision, monkeypatch)
    fill(engine, revision)
    engine.dispose()

    with Catalogue.open(database_url) as catalogue:
        lines = catalogue.ledger.page().items
        said = [(one.id, one.outcome, one.verdict, one.reason, one.note) for one in lines]
        assert said == [
            (4, "b", Verdict.DEFER, None, "später"),
            (3, "b", Verdict.UNDO, None, ""),
            (2, "b", Verdict.REJECT, "too basic", ""),
            (1, "a", Verdict.ACCEPT, None, ""),
        ]
        assert {(one.curator, one.time) for one in lines} == {("ann", 4.0)}
        assert catalogue.ledger.showing("shown").shown[0].outcome == "a"
        assert [one.outcome for one in catalogue.alignments.live()] == ["a"]
        did = catalogue.interactions.of_learner("l")
        assert [(one.event, one.time) for one in did] == [("viewed", 1.0), ("completed", 2.0)]
        if revision >= "0002":
            assert len(catalogue.learners.export("l").statements) == 1
        if revision >= "0004":
            assert [one.id for one in catalogue.keys.all()] == ["key"]
            assert catalogue.lists.get("list").title == "T"
        if revision >= "0007":
            assert [one.name for one in catalogue.sources.all()] == ["s"]
        if revision >= "0009":
            (line,) = catalogue.crosswalks.page().items
            assert (line.outcome, line.other, line.verdict) == ("a", "b", Verdict.ACCEPT)
        decided = lines[0].id
        assert catalogue.ledger.undo(decided, "ann", 9.0).id == decided + 1
