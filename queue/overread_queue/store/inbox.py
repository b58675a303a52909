"""The inbox of a mailbox: a database that agents of other users write, and nobody believes.

Its side files stay on disk, because whoever may not write the folder could not make them again.
That needs no special build of SQLite: a connection that may only read cannot take the lock that is
needed for removing them, so the desk's side, once it has made the file, only ever reads it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from overread_queue.errors import InboxAltered, NoDesk, NotADesk, StoreCorrupt, StoreReadOnly
from overread_queue.store.connection import BUSY_SECONDS
from overread_queue.store.driver import sqlite3
from overread_queue.store.failures import retried, translated
from overread_queue.store.rows import Stored
from overread_queue.store.table import Table, Value

SIDE_FILES = ("-wal", "-shm")
MODE = 0o660
MAX_ROW_BYTES = 10 * 1024 * 1024
"""A brief, a checkpoint and their names; what is larger is never read."""
HARDENED = (
    "PRAGMA busy_timeout = 0",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent(Stored):
    """What a sender finds again of its own."""

    kind: str
    key: bytes
    body: bytes
    checkpoint: bytes | None
    ticket: bytes
    predecessor: bytes | None


@dataclass(frozen=True, slots=True)
class Letter(Stored):
    """One row as the desk's side reads it: bytes, whatever was inserted."""

    id: int
    kind: bytes | None
    agent: bytes | None
    key: bytes | None
    body_type: str
    body: bytes | None
    checkpoint_type: str
    checkpoint: bytes | None
    signature: bytes | None
    name: bytes | None
    ticket: bytes | None
    predecessor: bytes | None
    proposal: bytes | None


class Letters(Table):
    """Statements on `inbox` in an inbox's own file."""

    file = "letter"

    def shape(self) -> str:
        """Digest of every table, index, view and trigger there is."""
        parts = ("\0".join(str(part) for part in row) for row in self._all("shape", {}))
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()

    @property
    def source(self) -> str:
        """The file that is read."""
        path: str = self._all("source", {})[0]["file"]
        return path

    def number_from(self, after: int) -> None:
        self._all("number_from", {"after": after})

    def add(self, values: dict[str, Value]) -> None:
        self._all("add", values)

    def by_key(self, agent: str, key: str) -> list[Sent]:
        """The latest first."""
        return [Sent.of(row) for row in self._all("by_key", {"agent": agent, "key": key})]

    def by_ticket(self, agent: str, ticket: str) -> Sent | None:
        row = self._one("by_ticket", {"agent": agent, "ticket": ticket})
        return Sent.of(row) if row else None

    def sizes(self, *, after: int, most: int) -> list[tuple[int, int]]:
        rows = self._all("sizes", {"after": after, "most": most})
        return [(row["id"], row["bytes"]) for row in rows]

    def after(self, after: int, *, upto: int, most: int) -> list[Letter]:
        rows = self._all("after", {"after": after, "upto": upto, "most": most})
        return [Letter.of(row) for row in rows]


def create_inbox(path: Path, *, after: int = 0) -> None:
    """Make the file, with the side files that stay beside it. Modes do not depend on the umask.

    Its rows get numbers beyond `after`.
    """
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    os.fchmod(handle, MODE)
    os.close(handle)
    with translated(path):
        connection = _connect(path, "rw")
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            for statement in _schema():
                connection.execute(statement)
            Letters(connection).number_from(after)
            _leave_side_files(path, connection)
        finally:
            connection.close()


def mend_side_files(path: Path) -> None:
    """Make the side files again where a careless program of the owner's has removed them."""
    if all(path.with_name(path.name + end).exists() for end in SIDE_FILES):
        return
    with _undamaged(path), translated(path):
        connection = _connect(path, "rw")
        try:
            _leave_side_files(path, connection)
        finally:
            connection.close()


def _leave_side_files(path: Path, writer: sqlite3.Connection) -> None:
    """Close the writer while a reader looks on: only the last one to close clears them away."""
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("PRAGMA user_version = 1")
    writer.execute("COMMIT")
    reader = _connect(path, "ro")
    try:
        reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        writer.close()
    finally:
        reader.close()


@contextmanager
def reading(path: Path) -> Iterator[Letters]:
    """The inbox as the desk's side looks at it: read only, its shape checked, in one picture.

    Raises `InboxAltered` for anything but the file that was made.
    """
    with _undamaged(path):
        check_regular(path)
        connection = retried(lambda: _begun(path, "ro", "BEGIN"), path, seconds=BUSY_SECONDS)
        with _closing(connection, path) as letters:
            yield letters


@contextmanager
def writing(path: Path) -> Iterator[Letters]:
    """One commit of an agent's, durable when the block is left. Raises what `reading` does."""
    with _undamaged(path):
        check_regular(path)
        begin = "BEGIN IMMEDIATE"
        connection = retried(lambda: _begun(path, "rw", begin), path, seconds=BUSY_SECONDS)
        with _closing(connection, path) as letters:
            yield letters
            connection.execute("COMMIT")


def check_regular(path: Path) -> None:
    """Raises `NoDesk`, and `InboxAltered` for a link, a folder or a journal beside it."""
    try:
        found = path.lstat()
    except FileNotFoundError as error:
        raise NoDesk(str(path)) from error
    except PermissionError as error:
        raise StoreReadOnly(str(path)) from error
    if not stat.S_ISREG(found.st_mode):
        raise InboxAltered(str(path), "it is no regular file")
    if path.with_name(f"{path.name}-journal").exists():
        raise InboxAltered(str(path), "there is a journal beside it, which Overread never makes")


@contextmanager
def _undamaged(path: Path) -> Iterator[None]:
    """Bytes that SQLite cannot read were not written by SQLite."""
    try:
        yield
    except (NotADesk, StoreCorrupt) as error:
        raise InboxAltered(str(path), "SQLite cannot read it") from error


@contextmanager
def _closing(connection: sqlite3.Connection, path: Path) -> Iterator[Letters]:
    letters = Letters(connection)
    try:
        with translated(path):
            if letters.shape() != _expected_shape():
                raise InboxAltered(str(path), "its tables, views or triggers were changed")
            yield letters
    finally:
        connection.close()


def _begun(path: Path, mode: str, statement: str) -> sqlite3.Connection:
    connection = _connect(path, mode)
    try:
        connection.execute(statement)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, isolation_level=None
    )
    connection.row_factory = sqlite3.Row
    connection.text_factory = _text
    for pragma in (*HARDENED, f"PRAGMA query_only = {'ON' if mode == 'ro' else 'OFF'}"):
        connection.execute(pragma)
    return connection


def _text(raw: bytes) -> str:
    """No bytes of an agent's make a whole query fail."""
    return raw.decode("utf-8", "replace")


def _schema() -> list[str]:
    text = resources.files(__package__).joinpath("inbox.sql").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def _in_memory(step: Callable[[sqlite3.Connection], T]) -> T:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for statement in _schema():
            connection.execute(statement)
        return step(connection)
    finally:
        connection.close()


def _expected_shape() -> str:
    return _in_memory(lambda connection: Letters(connection).shape())
