"""The schema's versions, oldest first. Only `overread init` and the desk's side run them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from overread_queue.store.connection import APPLICATION_ID, SCHEMA_VERSION
from overread_queue.store.driver import sqlite3
from overread_queue.store.failures import translated

migrations = Migrations("overread")


@migrations()
def m001_first_desk(db: Database) -> None:
    """Everything in schema.sql."""
    text = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
    for statement in split(text):
        db.conn.execute(statement)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file to this program's version, in one transaction."""
    with translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            migrations.apply(Database(connection, execute_plugins=False))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION:d}")
        except BaseException:
            connection.rollback()
            raise
        connection.execute("COMMIT")


def split(text: str) -> Iterator[str]:
    """Statements one by one: `executescript` would commit the transaction around it."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
