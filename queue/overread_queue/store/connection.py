"""One connection policy: how a desk's file is opened, and what is refused before it is used."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from overread_queue.errors import NewerSchema, NoDesk, NotADesk, StoreReadOnly, StoreReplaced
from overread_queue.store.driver import sqlite3
from overread_queue.store.failures import retried, translated
from overread_queue.store.mounts import refuse_network

APPLICATION_ID = 0x4F565244
"""`OVRD`, in the file's header."""
SCHEMA_VERSION = 1
BUSY_SECONDS = 5.0

# In this order. WAL so that readers never block writers; FULL because an acknowledged row must
# survive a power cut; recursive triggers so that REPLACE cannot slip past the delete guards;
# an untrusted schema so that planted triggers cannot call functions with side effects.
PRAGMAS = (
    "PRAGMA busy_timeout = 0",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = FAST",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
)


def connect(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open an existing desk. Raises NoDesk, NotADesk, NewerSchema, StoreReadOnly and their kin.

    Even the first read has to wait while another process recovers the WAL or clears it away.
    """
    if not path.exists():
        raise NoDesk(str(path))
    if not path.is_file():
        raise NotADesk(str(path))
    refuse_network(path)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise StoreReadOnly(str(path))
    return retried(lambda: _checked(path), path, seconds=busy_seconds)


def create(path: Path) -> sqlite3.Connection:
    """Make an empty file in WAL mode, readable by its owner alone, and open it.

    The mode is set before SQLite sees the file: its side files copy it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    refuse_network(path)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with translated(path):
        connection = _open(path)
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = EXTRA")
    return connection


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is not a desk, or that a newer program wrote.

    Called again inside every write: only there is the answer still true when the write commits.
    """
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise NotADesk(str(path))
    if version > SCHEMA_VERSION:
        raise NewerSchema(str(path), found=version, known=SCHEMA_VERSION)


def identity(path: Path) -> tuple[int, int] | None:
    """Which file is at the path now; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def check_same(path: Path, opened: tuple[int, int] | None) -> None:
    """Refuse to go on with a file that is no longer at its path: what is written there is lost."""
    if identity(path) != opened:
        raise StoreReplaced(str(path))


def _checked(path: Path) -> sqlite3.Connection:
    connection = _open(path)
    try:
        check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    connection.row_factory = sqlite3.Row
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection
