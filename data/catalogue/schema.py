"""Brings a database to the schema that this program knows."""

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

import data.migrations
from data.catalogue.collation import check_locale, put_in_order
from data.catalogue.engine import WRITES, place_of
from data.errors import GatewaysError

HEAD = "0015"  # the newest file in data/migrations/versions
_LOCK = 7_426_001  # any number, the same in every process


def migrate(engine: Engine) -> None:
    """Upgrade to HEAD in one transaction, so that a process that is killed leaves no half of it.

    Raises GatewaysError when the database was written by a newer version of the program.
    """
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            # Two processes that both find it empty must not both fill it.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _upgrade(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps are no news to a user
    from alembic import command  # slow to load, and seldom needed
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    folder = str(Path(data.migrations.__file__).parent)
    config.set_main_option("script_location", folder.replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _version(connection)
    if found is not None and found not in known:
        raise GatewaysError(
            f"{place_of(connection.engine)}: written by a newer version of gateways (schema "
            f"{found}, this one knows {HEAD}); use that version, or another workspace"
        )
    check_locale(connection)
    command.upgrade(config, "head")
    put_in_order(connection)
