"""Who may do what with each folder and file of a mailbox: looked at as a strict ssh server does.

A right that is too wide anywhere above a file is too wide for the file: whoever may rename a folder
may put another in its place.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from overread_queue.mailbox.layout import Layout
from overread_queue.store.inbox import SIDE_FILES

WRITABLE_BY_OTHERS = 0o022


@dataclass(frozen=True, slots=True)
class Fault:
    """A right that is not as it has to be, and the command that mends it."""

    path: Path
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path} {self.why}; run `{self.mend}`"


def faults(layout: Layout) -> Iterator[Fault]:
    """Every one of them, the folders above first."""
    owner = layout.private.stat().st_uid
    yield from _above(layout.root, owner)
    for folder, mode in _folders(layout):
        yield from _exactly(folder, mode, owner)
    for path, mode in _files(layout):
        yield from _exactly(path, mode, owner)
    for path in _inside(layout.trust):
        yield from _not_writable(path, owner)
    for path in _inside(layout.outbox):
        yield from _not_writable(path, owner)
    for path in _inside(layout.private):
        yield from _closed(path, owner)


def _folders(layout: Layout) -> Iterator[tuple[Path, int]]:
    yield layout.root, 0o755
    yield layout.private, 0o700
    yield layout.trust, 0o755
    yield layout.inbox, 0o2750
    yield layout.outbox, 0o2750


def _files(layout: Layout) -> Iterator[tuple[Path, int]]:
    for end in ("", *SIDE_FILES):
        yield layout.inbox_db.with_name(layout.inbox_db.name + end), 0o660


def _above(root: Path, owner: int) -> Iterator[Fault]:
    """A folder that all may write is safe where only owners may rename in it, as in /tmp."""
    for folder in root.resolve().parents:
        found = folder.stat()
        sticky = bool(found.st_mode & stat.S_ISVTX)
        if found.st_mode & WRITABLE_BY_OTHERS and not sticky:
            yield Fault(folder, "can be written by others", f"chmod go-w {folder}")
        if found.st_uid not in (0, owner):
            yield Fault(folder, f"belongs to user {found.st_uid}", f"chown root {folder}")


def _exactly(path: Path, mode: int, owner: int) -> Iterator[Fault]:
    try:
        found = path.lstat()
    except FileNotFoundError:
        yield Fault(path, "is not there", "overread intake")
        return
    if stat.S_ISLNK(found.st_mode):
        yield Fault(path, "is a link, which could lead anywhere", f"rm {path}")
        return
    if stat.S_IMODE(found.st_mode) != mode:
        real = stat.S_IMODE(found.st_mode)
        yield Fault(path, f"has mode {real:04o}, not {mode:04o}", f"chmod {mode:o} {path}")
    yield from _owned(path, found, owner)


def _not_writable(path: Path, owner: int) -> Iterator[Fault]:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        yield Fault(path, "is a link, which could lead anywhere", f"rm {path}")
    elif found.st_mode & WRITABLE_BY_OTHERS:
        yield Fault(path, "can be written by others, agents too", f"chmod go-w {path}")
    yield from _owned(path, found, owner)


def _closed(path: Path, owner: int) -> Iterator[Fault]:
    found = path.lstat()
    if found.st_mode & 0o077 and not stat.S_ISLNK(found.st_mode):
        yield Fault(path, "is open to others", f"chmod go-rwx {path}")
    yield from _owned(path, found, owner)


def _owned(path: Path, found: os.stat_result, owner: int) -> Iterator[Fault]:
    if found.st_uid != owner:
        yield Fault(path, f"belongs to user {found.st_uid}, not {owner}", f"chown {owner} {path}")


def _inside(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*"))
