"""Having a desk's file alone, to put another one in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from overread_queue.errors import StoreInUse
from overread_queue.store.connection import identity
from overread_queue.store.driver import sqlite3
from overread_queue.store.failures import is_busy, is_damage, named


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Inside, nobody else has the file open or can open it, and its log is copied back and gone.

    A log that stayed behind would be played into whatever file is at the path next. A file that
    SQLite cannot read is nobody's; its log is left to the caller. Raises `StoreInUse`.
    """
    where = f"file:{quote(str(path.absolute()))}?mode=rw"
    opened = identity(path)
    with closing(sqlite3.connect(where, uri=True, isolation_level=None)) as connection:
        _lock(connection, path)
        try:
            yield
        except BaseException:
            connection.rollback()
            if identity(path) == opened:
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            raise


def _lock(connection: sqlite3.Connection, path: Path) -> None:
    try:
        # Leaving WAL mode succeeds only for the one connection that is left.
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return
        if not is_busy(error):
            raise named(error, path) from error
        mode = "busy"
    if mode != "delete":
        raise StoreInUse(str(path))
