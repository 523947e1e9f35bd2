"""The schema: made by the migrations, the same as the tables, never newer than the program."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import data.migrations
from data.catalogue import Catalogue, Fate, Taken
from data.catalogue.engine import open_engine
from data.catalogue.schema import HEAD, migrate
from data.catalogue.tables import metadata
from data.errors import GatewaysError
from data.records import Event, Interaction

SCRIPTS = ScriptDirectory(data.migrations.__path__[0])
EARLIER = [script.revision for script in SCRIPTS.walk_revisions()][:0:-1]
RESOURCE = "INSERT INTO resources (id, title, description, text, levels, extra, dataset, digest"


@pytest.fixture
def engine(database_url):
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def migrated_to(engine, monkeypatch):
    """Bring the database to an older schema."""
    from alembic import command

    def upgrade(revision):
        with monkeypatch.context() as patch:
            newest = command.upgrade
            patch.setattr(command, "upgrade", lambda config, _: newest(config, revision))
            migrate(engine)

    return upgrade


def differences(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)


def test_the_migrations_make_the_tables_that_the_program_uses(engine):
    migrate(engine)
    assert differences(engine) == []


def test_head_is_the_newest_migration():
    assert SCRIPTS.get_heads() == [HEAD]


@pytest.mark.slow
@pytest.mark.parametrize("revision", EARLIER)
def test_the_way_from_every_earlier_schema_leads_to_the_present_one(
    engine, database_url, migrated_to, revision
):
    migrated_to(revision)
    with engine.begin() as connection:
        row = "'a', 'Ä', '', '', '[]', '{}', 'd', 'x', NULL, 1"
        connection.execute(text(f"{RESOURCE}, retired_at, revision) VALUES ({row})"))
    with Catalogue.open(database_url) as catalogue:
        assert catalogue.resources.get("a").title == "Ä"
    assert differences(engine) == []


def test_migrating_twice_changes_nothing(engine):
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM revision")).scalars().all() == [0]


def test_an_older_catalogue_keeps_its_rows_and_takes_what_is_new(engine, database_url, migrated_to):
    migrated_to("0001")
    assert "statements" not in inspect(engine).get_table_names()
    old = {"learner": "l", "item": "i", "outcomes": "[]", "time": 1.0, "event": "viewed"}
    old |= {"extra": "{}", "dataset": "d", "digest": "x"}
    names = ", ".join(old)
    values = ", ".join(f":{name}" for name in old)
    with engine.begin() as connection:
        connection.execute(text(f"INSERT INTO interactions ({names}) VALUES ({values})"), old)
    new = Interaction(learner="l", item="j", time=2.0, event=Event.VIEWED)
    with Catalogue.open(database_url) as catalogue:
        assert catalogue.interactions.add([("c1", new)]) == [Taken(Fate.KEPT)]
        assert [one.item for one in catalogue.interactions.of_learner("l")] == ["i", "j"]


def test_what_was_there_is_taken_for_changed_when_it_was_imported_or_retired(
    engine, database_url, migrated_to
):
    migrated_to("0006")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO datasets (name, languages, extra, imported) "
                "VALUES ('d', '[]', '{}', 5)"
            )
        )
        for values in ("'a', 'd', NULL", "'b', 'd', 7", "'c', '', NULL"):
            id_, dataset, retired = values.split(", ")
            row = f"{id_}, 't', '', '', '[]', '{{}}', {dataset}, 'x', {retired}, 1"
            connection.execute(text(f"{RESOURCE}, retired_at, revision) VALUES ({row})"))
    with Catalogue.open(database_url) as catalogue:
        changes = catalogue.changes.page().items
    assert [(one.resource.id, one.changed) for one in changes] == [("c", 0), ("a", 5), ("b", 7)]


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine, database_url):
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(GatewaysError, match=r"newer version of gateways \(schema 9999"):
        Catalogue.open(database_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == "9999"


def test_a_migration_that_fails_leaves_nothing_half_done(engine, monkeypatch):
    from alembic import command

    upgrade = command.upgrade

    def interrupted(config, revision):
        upgrade(config, revision)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", interrupted)
    with pytest.raises(KeyboardInterrupt):
        migrate(engine)
    assert inspect(engine).get_table_names() == []
    monkeypatch.setattr(command, "upgrade", upgrade)
    migrate(engine)
    assert "outcomes" in inspect(engine).get_table_names()


def test_what_was_decided_before_there_was_a_trail_is_in_it(engine, database_url, migrated_to):
    migrated_to("0014")
    with engine.begin() as connection:
        row = "'r', 'Ä', '', '', '[]', '{}', 'd', 'x', NULL, 1"
        connection.execute(text(f"{RESOURCE}, retired_at, revision) VALUES ({row})"))
        connection.execute(text("INSERT INTO frameworks VALUES ('f', 'd', 'F', NULL, 'x', NULL)"))
        connection.execute(
            text(
                "INSERT INTO outcomes (id, framework, title, description, levels, position, "
                "assignable, extra, dataset, digest, revision) "
                "VALUES ('o', 'f', 'O', '', '[]', 0, true, '{}', 'd', 'x', 1)"
            )
        )
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO decisions (id, resource, outcome, verdict, note, curator, time, "
                    "framework_fingerprint) "
                    f"VALUES ({number}, 'r', 'o', 'accept', 'Ä', 'Ada', {number}.5, 'x')"
                )
            )
        counts = '{"interactions": 2}'
        connection.execute(
            text(
                "INSERT INTO erasures (id, pseudonym_hash, time, agent, counts) "
                "VALUES (1, 'h', 2, 'root', :counts)"
            ),
            {"counts": counts},
        )
    with Catalogue.open(database_url) as catalogue:
        told = [(one.event, one.about) for one in catalogue.audit.entries()]
        assert told == [("decision", "1"), ("erasure", "1"), ("decision", "2")]
        assert list(catalogue.audit.faults()) == []
