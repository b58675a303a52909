"""What this program's tables, indexes and triggers look like in a file, to compare with one."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib import resources

from overread_queue.store.driver import sqlite3


def statements() -> Iterator[str]:
    """schema.sql, one by one: `executescript` would commit the transaction around it."""
    text = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@functools.cache
def wanted() -> Mapping[str, str]:
    """Name and text of everything that schema.sql makes, as SQLite keeps it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements():
            connection.execute(statement)
        rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
        return {name: sql for name, sql in rows if not name.startswith("sqlite_")}
