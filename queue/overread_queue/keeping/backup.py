"""A copy of a desk that is at work: taken in one piece, examined, and only then given its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from overread_queue.audit.verify import Report, anchors, examined
from overread_queue.errors import StoreCorrupt
from overread_queue.ground import Ground
from overread_queue.keeping.copies import checksum_beside, plainly, written
from overread_queue.keeping.seal import seal
from overread_queue.places import Places
from overread_queue.store import Store
from overread_queue.store.evidence import evidence
from overread_queue.trust.roster import Roster

SIDES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database, by its name."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made."""

    path: Path
    size: int
    sealed: bool
    report: Report
    """The examination of the copy. Damage in it was on the desk before."""


def backup(
    ground: Ground, target: Path, *, replace: bool = False, passphrase: bytes | None = None
) -> Backup:
    """Copy the database to `target` while everybody works on, and put a checksum beside it.

    The copy is made beside the database, where the same people can read it, and examined there:
    SQLite's own check, then the whole history against a checkpoint signed just before. A damaged
    history is copied all the same, because it is evidence. Keys and the trust folder are not in it.
    Raises `StoreCorrupt` for a copy that SQLite finds damaged, `InvalidRequest` where something is
    at `target`.
    """
    ground.checkpoint(early=True)
    through = partial(seal, passphrase=passphrase) if passphrase is not None else plainly
    with draft_beside(ground.places.db, "backup") as draft:
        ground.store.copy_to(draft)
        report = checked(draft, ground.places)
        written(draft, target, through=through, replace=replace)
    checksum_beside(target)
    return Backup(target, target.stat().st_size, passphrase is not None, report)


@contextmanager
def draft_beside(db: Path, purpose: str) -> Iterator[Path]:
    """A name beside the database for a file that only its owner reads, and that does not stay."""
    draft = db.with_name(f".{db.name}.{purpose}-{os.getpid()}")
    _drop(draft)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    try:
        yield draft
    finally:
        _drop(draft)


def checked(copy: Path, places: Places) -> Report:
    """SQLite's check and the history's, on a copy. Raises `StoreCorrupt` among others."""
    store = Store(copy)
    try:
        damage = store.integrity()
    finally:
        store.close()
    if damage:
        raise StoreCorrupt(str(copy), damage[0])
    with evidence(copy) as found:
        last = found.last()
        known = last if isinstance(last, int) else None
        return examined(found, Roster.load(places), anchors(places), up_to=known)


def _drop(draft: Path) -> None:
    for side in ("", *SIDES):
        with suppress(FileNotFoundError):
            draft.with_name(draft.name + side).unlink()
