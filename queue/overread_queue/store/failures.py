"""SQLite's errors, told apart and named."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from overread_queue.errors import (
    NotADesk,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreReadOnly,
    TooManyFiles,
)
from overread_queue.files import OUT_OF_FILES
from overread_queue.store.driver import sqlite3
from overread_queue.store.reserve import free

# SQLite's own busy handler sleeps longer and longer, so the process that has just written wins
# again and others starve. A short random wait gives everybody the same chance.
RETRY_SECONDS = (0.0003, 0.002)
PRIMARY = 0xFF
"""An extended result code keeps its primary code in the low byte."""


T = TypeVar("T")


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else holds the write lock just now."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is no database, or not a sound one."""
    return _code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def retried(step: Callable[[], T], path: Path, *, seconds: float) -> T:
    """Try `step`, which leaves nothing behind when it fails, until nobody else is in the way.

    Raises `StoreBusy` after `seconds`, and every other failure at once, by its name.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return step()
        except sqlite3.Error as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise named(error, path, waited=seconds) from error
        time.sleep(random.uniform(*RETRY_SECONDS))  # noqa: S311 - not a secret


def named(error: sqlite3.Error, path: Path, *, waited: float = 0) -> StoreError:
    """The error of ours for an error of SQLite's."""
    code, where = _code(error), str(path)
    if is_busy(error):
        return StoreBusy(where, waited)
    if out_of_files():
        return TooManyFiles(where)
    if code == sqlite3.SQLITE_IOERR and free(path) == 0:
        return StoreFull(where)  # The log's index has its own error for it.
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return StoreReadOnly(where)
    if code == sqlite3.SQLITE_FULL:
        return StoreFull(where)
    if code == sqlite3.SQLITE_NOTADB:
        return NotADesk(where)
    if code == sqlite3.SQLITE_CORRUPT:
        return StoreCorrupt(where, str(error))
    return StoreError(f"{where}: {error}; nothing was written")


def out_of_files() -> bool:
    """Whether nothing more can be opened; SQLite says the same of that as of a missing file."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
    except OSError as error:
        return error.errno in OUT_OF_FILES
    return False


@contextmanager
def translated(path: Path, *, waited: float = 0) -> Iterator[None]:
    """Let nothing of SQLite's own out of the store."""
    try:
        yield
    except sqlite3.Error as error:
        raise named(error, path, waited=waited) from error


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & PRIMARY
