"""A database that is damaged so that SQLite asks for memory that no machine has."""

import sqlite3
from contextlib import closing
from pathlib import Path


def write_database_beyond_memory(file: Path) -> None:
    """Write one whose schema has a row that is said to be gigabytes long."""
    file.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        for number in range(4):
            connection.execute(f"CREATE TABLE of_things{number} ({'x' * 300} TEXT)")
        connection.commit()
    content = bytearray(file.read_bytes())
    # A row is its length, its number and the types of its columns, ten bytes, and the columns.
    begin = content.index(b"tableof_things2") - 10
    content[begin : begin + 5] = b"\xff\xff\xff\xff\x78"
    file.write_bytes(content)
