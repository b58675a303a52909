"""A little room on the disk, so that people can still refuse when it is full.

A file of real blocks lies beside the database. When a reviewer's write finds the disk full, it is
given up, and the next try fits. Agents keep away from the last of the disk, so that what was given
up for a reviewer is not taken by a brief.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from overread_queue.errors import StoreFull

SIZE = 1 << 20
"""Bytes. A decision writes some twenty pages of 4 KiB, so this is room for a dozen of them before
anybody has freed anything; measured on a tmpfs of 4 MiB."""
AMPLE = 16 * SIZE
"""With less room than this, laying a reserve in would itself be what fills the disk."""


def reserve_of(db: Path) -> Path:
    return db.with_name(f"{db.name}.reserve")


def lay_in(db: Path) -> None:
    """Make the reserve where there is none and room for it. Never fails."""
    path = reserve_of(db)
    if path.exists() or free(db) < AMPLE:
        return
    with suppress(OSError):
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, bytes(SIZE))
            os.fsync(handle)
        finally:
            os.close(handle)


def keep_away(db: Path) -> None:
    """For agents: raises `StoreFull` where little more than people's room is left."""
    if is_tight(db):
        raise StoreFull(str(db))


def is_tight(db: Path) -> bool:
    """Whether there is no room for anything new."""
    return free(db) < SIZE


@contextmanager
def at_hand(db: Path) -> Iterator[None]:
    """For people: a write inside that finds the disk full frees the reserve, and says so."""
    try:
        yield
    except StoreFull as full:
        if give_up(db):
            raise StoreFull(str(db), freed=True) from full
        raise


def give_up(db: Path) -> bool:
    """Free the room. False where there was none left to free."""
    try:
        reserve_of(db).unlink()
    except OSError:
        return False
    return True


def free(db: Path) -> int:
    """Bytes that may still be written beside the database; none where nobody can tell."""
    try:
        found = os.statvfs(db.parent)
    except OSError:
        return 0
    return found.f_bavail * found.f_frsize
