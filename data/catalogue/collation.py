"""Texts in PostgreSQL: in the same order as elsewhere, and with the letters of every script.

SQLite and Python compare texts by the codes of their characters. A database server does as its
locale says, which differs between machines and may change with their libraries.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, FunctionElement, Text, text
from sqlalchemy.ext.compiler import compiles

from data.catalogue.engine import place_of
from data.catalogue.tables import metadata
from data.errors import GatewaysError

_KNOWS_LETTERS = text("SELECT current_setting('server_encoding') = 'UTF8' AND lower('ÉЖ') = 'éж'")
_OTHERWISE_ORDERED = text(
    "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = ANY(:tables) "
    "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
)


class cased(FunctionElement[str]):  # noqa: N801  it is called as functions of SQL are
    """A column whose letters are looked for whatever their case."""

    name = "cased"
    type = Text()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)


@compiles(cased)
def _as_it_is(element: cased, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(cased, "postgresql")
def _by_the_locale(element: cased, compiler: Any, **options: Any) -> str:
    # In the order of codes, only the letters of ASCII have a case.
    return f'({compiler.process(element.clauses, **options)} COLLATE "default")'


def check_locale(connection: Connection) -> None:
    """Raise GatewaysError for a database that cannot hold or compare letters of every script."""
    if connection.dialect.name == "postgresql" and not connection.scalar(_KNOWS_LETTERS):
        raise GatewaysError(
            f"{place_of(connection.engine)}: the database is not in UTF-8, or its locale knows the "
            "letters of ASCII only, so that nothing would be found; make another one: CREATE "
            "DATABASE name TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        )


def put_in_order(connection: Connection) -> None:
    """Have every column of texts be in the order of its characters' codes."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    changes: dict[str, list[str]] = {}
    for table, column in connection.execute(_OTHERWISE_ORDERED, {"tables": list(metadata.tables)}):
        change = f'ALTER COLUMN {quote(column)} TYPE text COLLATE "C"'
        changes.setdefault(table, []).append(change)
    for table, of_table in changes.items():
        connection.execute(text(f"ALTER TABLE {quote(table)} {', '.join(of_table)}"))
