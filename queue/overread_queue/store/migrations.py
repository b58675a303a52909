"""The schema's versions, oldest first. Only `overread init` and the desk's side run them."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from overread_queue.store.connection import APPLICATION_ID, SCHEMA_VERSION
from overread_queue.store.driver import sqlite3
from overread_queue.store.failures import translated
from overread_queue.store.schema import statements

migrations = Migrations("overread")


@migrations()
def m001_first_desk(db: Database) -> None:
    """Everything in schema.sql."""
    for statement in statements():
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
